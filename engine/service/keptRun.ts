// Owns what is kept on disk of a run that nobody writes any more, so that it opens at once however long its log is: its summary, and the
// columns that its lists are made of. Counts only for the same log and the same build of this program.
import fs from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../domain/effect';
import { logFile } from '../store/runLog';
import { contentStamp, keptFile } from './keptFile';
import { type PackedColumns, packColumns, type RunColumns, unpackColumns } from './runColumns';

/** Shorter logs are folded in an instant. */
const leastBytes = 4 * 1024 * 1024;
const mostKept = 64;

export type KeptRun = {
  readonly summary: RunSummary;
  readonly columns: RunColumns;
  /** The byte up to which the log was folded. */
  readonly cursor: number;
};

type KeptSummary = Pick<KeptRun, 'summary' | 'cursor'>;

const summaryFile = (dir: string) => keptFile<KeptSummary>('runs', `${path.resolve(dir)}\nsummary`, mostKept);
const columnsFile = (dir: string) => keptFile<PackedColumns>('runs', `${path.resolve(dir)}\ncolumns`, mostKept);

/** What is kept of a run counts only under this stamp; `null`: its log is too short to be worth it. */
export async function runStamp(dir: string): Promise<string | null> {
  return fs.statSync(logFile(dir)).size < leastBytes ? null : contentStamp(logFile(dir), []);
}

/** What a list of runs needs. */
export async function keptSummary(dir: string): Promise<RunSummary | null> {
  const stamp = await runStamp(dir);
  return (stamp === null ? null : (await summaryFile(dir).load(stamp))?.header.summary) ?? null;
}

export async function loadRun(dir: string, stamp: string): Promise<KeptRun | null> {
  const [summary, columns] = await Promise.all([summaryFile(dir).load(stamp), columnsFile(dir).load(stamp)]);
  return summary && columns && { ...summary.header, columns: unpackColumns(columns.header, columns.body) };
}

/** @param stamp as it was before the log was folded; does nothing when it is another one by now */
export async function saveRun(dir: string, stamp: string, { summary, columns, cursor }: KeptRun): Promise<void> {
  if ((await runStamp(dir).catch(() => null)) !== stamp) return;
  const { header, parts } = packColumns(columns);
  await columnsFile(dir).save(stamp, header, parts);
  await summaryFile(dir).save(stamp, { summary, cursor }, []);
}
