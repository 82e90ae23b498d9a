// Owns what people mean by naming a folder: the trace files in it. Must not know formats.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';
import { beginKnownFile, openKnownFile } from '../service/fileQueries';
import { note } from './command';

/** Files that can be trace files, by their names alone; what is in them is looked at afterwards. */
const candidate = /\.(?:jsonl|ndjson|json|eval|parquet|ya?ml|csv)(?:\.gz|\.zst)?$/i;
const mostFiles = 500;
const deepest = 8;

const isFolder = (place: string): boolean => fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether the folder itself is a trace file of several files (thought-anchors), or `null` when this is no folder. */
export async function isTraceFolder(place: string): Promise<boolean | null> {
  if (!isFolder(place)) return null;
  return beginKnownFile(place).then(
    () => true,
    () => false,
  );
}

/** Candidates below a folder, in the order of their paths; hidden folders, runs and packages are no places for traces. */
function candidatesIn(folder: string, depth = deepest): readonly string[] {
  if (depth === 0) return [];
  const entries = [...fs.readdirSync(folder, { withFileTypes: true })].sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return candidatesIn(place, depth - 1);
    return entry.isFile() && candidate.test(entry.name) ? [place] : [];
  });
}

export type FolderFile = { readonly file: string } & (
  | { readonly formatTitle: string }
  /** Why it is no trace file. */
  | { readonly problem: string }
);

/** What the files of a folder are, without reading them to their ends. @throws UserError when there are none */
export async function filesIn(folder: string): Promise<readonly FolderFile[]> {
  const names = candidatesIn(folder);
  if (names.length === 0)
    throw new UserError(`${folder}: no trace files are in this folder (.jsonl, .json, .eval, .parquet, .csv, .yaml).`);
  if (names.length > mostFiles)
    throw new UserError(
      `${folder}: ${names.length} files are in this folder; name one of at most ${mostFiles} instead.`,
    );
  const files: FolderFile[] = [];
  for (const file of names) {
    const whyNot = (error: unknown): FolderFile => ({ file, problem: problemOf(error) });
    files.push(await beginKnownFile(file).then(({ format }) => ({ file, formatTitle: format.title }), whyNot));
  }
  return files;
}

/** Files as they are; of a folder, the files in it that hold traces. The others are named. @throws UserError when none of them does */
export async function withFolderFiles(
  places: readonly string[],
  reading: { readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const all: string[] = [];
  for (const place of places) {
    if ((await isTraceFolder(place)) !== false) all.push(place);
    else all.push(...(await tracesIn(place, reading)));
  }
  return all;
}

async function tracesIn(folder: string, reading: { readonly signal: AbortSignal }): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { file, ...what } of await filesIn(folder)) {
    const problem = 'problem' in what ? what.problem : await whyNone(file, reading);
    if (problem === null) found.push(file);
    else note(`Left out: ${problem}`);
  }
  if (found.length === 0) throw new UserError(`${folder}: none of the files in this folder holds traces.`);
  return found;
}

const whyNone = (file: string, reading: { readonly signal: AbortSignal }): Promise<string | null> =>
  openKnownFile(file, reading).then(() => null, problemOf);

/** What is wrong with a file, in words; what is wrong with us goes on. */
function problemOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
