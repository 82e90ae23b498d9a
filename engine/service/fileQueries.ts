// Owns the queries over trace files. Keeps the few files that were opened last, as long as they lie unchanged on disk.
import fs from 'node:fs';
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { mappingSuffix } from '../formats/mapping';
import type { ExamplePlace, ExampleRow, FileSummary, OpenedTrace } from './contract';
import { titleOf } from './prepareRun';
import { type BegunFile, beginTraceFile, type ReadOptions, type TraceFile } from './traceFile';

const keptFiles = 4;
const begun = new Map<string, { readonly stamp: string; readonly file: Promise<BegunFile> }>();

/** A mapping beside the file says how it is read. */
const stampOf = (path: string): string => `${stampOfOne(path)} ${stampOfOne(`${path}${mappingSuffix}`)}`;

function stampOfOne(path: string): string {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.size}/${stat.mtimeMs}` : 'missing';
}

/** The trace file as soon as its format is known, from the last time if it has not changed since. @throws UserError as {@link beginTraceFile}. */
export function beginKnownFile(path: string): Promise<BegunFile> {
  const stamp = stampOf(path);
  const known = begun.get(path);
  if (known?.stamp === stamp) return known.file;
  const file = beginTraceFile(path);
  forget(path);
  begun.set(path, { stamp, file });
  file.catch(() => begun.get(path)?.file === file && begun.delete(path));
  for (const oldest of [...begun.keys()].slice(0, -keptFiles)) forget(oldest);
  return file;
}

function forget(path: string): void {
  begun.get(path)?.file.then(
    (file) => file.close(),
    () => undefined,
  );
  begun.delete(path);
}

/** The whole trace file. @throws UserError as {@link beginTraceFile}, and when there is nothing to re-run in it */
export async function openKnownFile(path: string, options: ReadOptions = {}): Promise<TraceFile> {
  return (await beginKnownFile(path)).whole(options);
}

export async function summarizeFile(path: string, options: ReadOptions): Promise<FileSummary> {
  return (await openKnownFile(path, options)).summary;
}

type Page = { readonly offset: number; readonly limit: number; readonly signal: AbortSignal };

/** One page of a file's examples, as lists show them; the first ones long before the whole file is read. */
export async function listExamples(path: string, { offset, limit, signal }: Page): Promise<readonly ExampleRow[]> {
  const file = await beginKnownFile(path);
  const rows: ExampleRow[] = [];
  for await (const example of file.examples({ offset, limit, signal })) {
    rows.push({
      id: example.id,
      index: offset + rows.length,
      line: example.source.kind === 'bytes' ? example.source.line : 0,
      title: titleOf(example),
      answer: example.answer?.option ?? null,
      reasoningChars: example.trace.reasoning.length,
    });
  }
  return rows;
}

/** One example to read, with what the file tells of how to re-run it. @throws UserError when the file has no such example */
export async function openTrace(
  { file: path, at }: { readonly file: string; readonly at: ExamplePlace },
  signal: AbortSignal,
): Promise<OpenedTrace> {
  const file = await beginKnownFile(path);
  const example = 'index' in at ? await exampleNumber(file, at.index, signal) : await file.at(at.source, at.id);
  return { example, summary: await file.summarySoFar(signal) };
}

async function exampleNumber(file: BegunFile, index: number, signal: AbortSignal): Promise<Example> {
  for await (const example of file.examples({ offset: index, limit: 1, signal })) return example;
  throw new UserError(`${file.path} has no example ${index + 1} any more; it was changed. Open the file again.`);
}
