// Owns records that are several files: a reply beside its request, and folders of thought-anchors problems.
// Each file is read whole; they are small.
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Source } from '../../domain/example';
import { throwIfCancelled, UserError } from '../../domain/failure';
import type { ScanOptions } from './content';
import { decode, encodingOf } from './encoding';
import { parseJson } from './looseJson';
import type { RawRecord, RecordFile } from './recordFile';

/** The file that makes a folder a problem, and those beside it that say more of it. */
const solutionFile = 'base_solution.json';
const companions = ['problem.json', 'scenario.json', 'chunks.json', 'chunks_labeled.json'];
const deepest = 8;

/** `null` when the file is no reply with a request of the same name beside it. */
export async function pairRecords(path: string): Promise<RecordFile | null> {
  const name = /^(.*)\.response\.json$/.exec(basename(path))?.[1];
  const request = `${name}.request.json`;
  if (name === undefined || !(await readdir(dirname(path))).includes(request)) return null;
  return filesRecords(dirname(path), [[basename(path), request]], ([response, sent]) => ({ request: sent, response }));
}

/** @throws UserError when no folder below holds a problem */
export async function folderRecords(path: string): Promise<RecordFile> {
  const found: string[][] = [];
  await findSolutions(path, deepest, (folder, names) => {
    const files = [solutionFile, ...companions.filter((name) => names.includes(name))];
    found.push(files.map((name) => join(relative(path, folder), name)));
  });
  if (found.length === 0) {
    throw new UserError(
      `${path}: this folder holds no ${solutionFile} (the thought-anchors layout). Open a trace file in it instead.`,
    );
  }
  return filesRecords(path, found, (values, names) => problemOf(path, values, names));
}

/** `null` when the file is no solution of the thought-anchors layout; else it is read with what lies beside it. */
export async function solutionRecords(path: string): Promise<RecordFile | null> {
  if (basename(path) !== solutionFile) return null;
  const beside = await readdir(dirname(path));
  const files = [solutionFile, ...companions.filter((name) => beside.includes(name))];
  return filesRecords(dirname(path), [files], (values, names) => problemOf(dirname(path), values, names));
}

function problemOf(folder: string, values: readonly unknown[], names: readonly string[]): unknown {
  const parts = values.map((value, index) => [basename(names[index]!, '.json'), value] as const);
  return { ...Object.fromEntries(parts), model: modelIn(resolve(folder, names[0]!)) };
}

/** `MODEL/temperature_…/correct_base_solution/problem_7/…`: the layout names the model by a folder alone; `null` where it does not. */
function modelIn(file: string): string | null {
  const folders = file.split(sep);
  const at = folders.map((name) => /_base_solution(?:_|$)/.test(name)).lastIndexOf(true);
  return (
    folders
      .slice(0, Math.max(0, at))
      .filter((name) => !name.startsWith('temperature_'))
      .at(-1) ?? null
  );
}

type OnFolder = (folder: string, names: readonly string[]) => void;

async function findSolutions(folder: string, depth: number, onFolder: OnFolder): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  if (names.includes(solutionFile)) onFolder(folder, names);
  // Rollouts of single chunks lie below a problem; they are no problems.
  if (depth === 0 || names.includes(solutionFile)) return;
  const below = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  for (const name of below.sort()) await findSolutions(join(folder, name), depth - 1, onFolder);
}

type Combine = (values: readonly unknown[], names: readonly string[]) => unknown;

function filesRecords(folder: string, groups: readonly (readonly string[])[], combine: Combine): RecordFile {
  const read = (files: readonly string[], line: number): Promise<RawRecord> =>
    readGroup({ folder, files, line }, combine);
  return {
    unit: 'folder',
    framing: 'values',
    async *scan(options: ScanOptions) {
      for (const [index, files] of groups.entries()) {
        throwIfCancelled(options.signal);
        yield await read(files, index + 1);
      }
    },
    at(source: Source) {
      const index = source.kind === 'files' ? groups.findIndex((files) => files.join() === source.files.join()) : -1;
      if (index < 0) throw new UserError(`${folder}: this example is not in it any more.`);
      return read(groups[index]!, index + 1);
    },
  };
}

type Group = { readonly folder: string; readonly files: readonly string[]; readonly line: number };

async function readGroup({ folder, files, line }: Group, combine: Combine): Promise<RawRecord> {
  const source: Source = { kind: 'files', folder, files };
  try {
    const bytes = await Promise.all(files.map((file) => readFile(join(folder, file))));
    const texts = bytes.map((one) => decode(one.subarray(encodingOf(one).markLength), encodingOf(one)));
    const value = combine(texts.map(parseJson), files);
    return { source, line, bytes: bytes[0]!, text: texts[0]!, value, problem: null };
  } catch (error) {
    const problem = `${files[0]}: ${error instanceof Error ? error.message : String(error)}`;
    return { source, line, bytes: new Uint8Array(), text: '', value: undefined, problem };
  }
}
