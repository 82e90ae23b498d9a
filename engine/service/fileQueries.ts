// Owns the queries over trace files. Keeps the few files that were opened last, as long as they lie unchanged on disk.
import fs from 'node:fs';
import type { ExampleRow, FileSummary, IndexProgress } from './contract';
import { titleOf } from './prepareRun';
import { openTraceFile, type TraceFile } from './traceFile';

const keptFiles = 4;
const opened = new Map<string, { readonly stamp: string; readonly file: Promise<TraceFile> }>();

export type OpenOptions = { readonly signal?: AbortSignal; readonly onProgress?: (progress: IndexProgress) => void };

function stampOf(path: string): string {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.size}/${stat.mtimeMs}` : 'missing';
}

/** The trace file, from the last time if it has not changed since. @throws UserError as {@link openTraceFile}. */
export function openKnownFile(path: string, options: OpenOptions = {}): Promise<TraceFile> {
  const stamp = stampOf(path);
  const known = opened.get(path);
  if (known?.stamp === stamp) return known.file;
  const file = openTraceFile(path, options);
  opened.delete(path);
  opened.set(path, { stamp, file });
  file.catch(() => opened.delete(path));
  for (const oldest of [...opened.keys()].slice(0, -keptFiles)) opened.delete(oldest);
  return file;
}

export async function summarizeFile(path: string, options: OpenOptions): Promise<FileSummary> {
  return (await openKnownFile(path, options)).summary;
}

type Page = { readonly offset: number; readonly limit: number; readonly signal: AbortSignal };

/** One page of a file's examples, as lists show them. */
export async function listExamples(path: string, { offset, limit, signal }: Page): Promise<readonly ExampleRow[]> {
  const file = await openKnownFile(path, { signal });
  const rows: ExampleRow[] = [];
  for await (const example of file.examples({ offset, limit })) {
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
