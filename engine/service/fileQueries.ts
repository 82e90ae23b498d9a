// Owns the queries over trace files. Keeps the few files that were opened last, as long as they lie unchanged on disk.
import fs from 'node:fs';
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { type FieldMapping, mappingSuffix } from '../domain/fieldMapping';
import { canonicalJson } from '../domain/ids';
import type { ExampleRow, RecordPlace } from '../domain/traceList';
import type { RawRecord } from '../formats/records/recordFile';
import type { ExamplePlace, FileSummary, OpenedTrace } from './contract';
import { exampleRow } from './exampleReading';
import { type BegunFile, beginTraceFile, type ReadOptions, type TraceFile } from './traceFile';

const keptFiles = 4;
const begun = new Map<string, { readonly stamp: string; readonly file: Promise<BegunFile> }>();

/** A mapping beside the file says how it is read. */
export const stampOf = (path: string): string => `${stampOfOne(path)} ${stampOfOne(`${path}${mappingSuffix}`)}`;

function stampOfOne(path: string): string {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.size}/${stat.mtimeMs}` : 'missing';
}

/** The trace file as soon as its format is known, from the last time if it has not changed since. @throws UserError as {@link beginTraceFile}. */
export function beginKnownFile(path: string, mapping?: FieldMapping): Promise<BegunFile> {
  const key = mapping ? `${path}\n${canonicalJson(mapping)}` : path;
  const stamp = stampOf(path);
  const known = begun.get(key);
  if (known?.stamp === stamp) return known.file;
  const file = beginTraceFile(path, mapping ? { mapping } : {});
  forget(key);
  begun.set(key, { stamp, file });
  file.catch(() => begun.get(key)?.file === file && begun.delete(key));
  for (const oldest of [...begun.keys()].slice(0, -keptFiles)) forget(oldest);
  return file;
}

function forget(key: string): void {
  begun.get(key)?.file.then(
    (file) => file.close(),
    () => undefined,
  );
  begun.delete(key);
}

/** The whole trace file. @throws UserError as {@link beginTraceFile}, and when there is nothing to re-run in it */
export async function openKnownFile(
  path: string,
  { mapping, ...options }: ReadOptions & { readonly mapping?: FieldMapping } = {},
): Promise<TraceFile> {
  return (await beginKnownFile(path, mapping)).whole(options);
}

export async function summarizeFile(path: string, options: ReadOptions): Promise<FileSummary> {
  return (await openKnownFile(path, options)).summary;
}

type Page = { readonly offset: number; readonly limit: number; readonly signal?: AbortSignal };

/** One page of a file's examples, as lists show them; the first ones long before the whole file is read. */
export async function listExamples(path: string, page: Page): Promise<readonly ExampleRow[]> {
  const file = await beginKnownFile(path);
  const rows: ExampleRow[] = [];
  for await (const example of file.examples(page)) rows.push(exampleRow(example, page.offset + rows.length));
  return rows;
}

/** One example to read, with what the file tells of how to re-run it. @throws UserError when the file has no such example */
export async function openTrace(
  { file: path, at }: { readonly file: string; readonly at: ExamplePlace },
  signal: AbortSignal,
): Promise<OpenedTrace> {
  const file = await beginKnownFile(path);
  const example = await exampleIn(file, at, signal);
  return { example, summary: await file.summarySoFar(signal) };
}

function exampleIn(file: BegunFile, at: ExamplePlace, signal: AbortSignal): Promise<Example> {
  if ('index' in at) return exampleNumber(file, at.index, signal);
  return file.at('source' in at ? at.source : null, at.id);
}

async function exampleNumber(file: BegunFile, index: number, signal: AbortSignal | undefined): Promise<Example> {
  const range = { offset: index, limit: 1, ...(signal ? { signal } : {}) };
  for await (const example of file.examples(range)) return example;
  throw new UserError(`${file.path} has no example ${index + 1} any more; it was changed. Open the file again.`);
}

/** The examples at these places, in that order. @throws UserError when there is none at one of them */
export async function examplesAt(
  path: string,
  indexes: readonly number[],
  signal?: AbortSignal,
): Promise<readonly Example[]> {
  const file = await beginKnownFile(path);
  const examples: Example[] = [];
  for (const index of indexes) examples.push(await exampleNumber(file, index, signal));
  return examples;
}

/** The record of an example, or on a line, damaged or not. */
export async function recordAt(path: string, at: RecordPlace): Promise<RawRecord> {
  const file = await beginKnownFile(path);
  if ('line' in at) return file.line(at.line);
  const [example] = await examplesAt(path, [at.index]);
  return file.record(example!.source);
}
