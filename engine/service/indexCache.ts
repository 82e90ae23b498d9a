// Owns what is kept on disk of files that take long to read: where their examples are, and what they hold in sum. A kept index counts only
// for the same bytes, the same mapping and the same build of this program.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mappingSuffix } from '../domain/fieldMapping';
import type { FileSummary } from './contract';
import { contentStamp, keptFile } from './keptFile';
import { type PackedIndex, TraceIndex } from './traceIndex';

/** Smaller files are read in an instant. */
const leastBytes = 4 * 1024 * 1024;
const mostKept = 64;

export type KeptIndex = { readonly index: TraceIndex; readonly summary: FileSummary };

type Header = Omit<PackedIndex, 'bytes'> & { readonly summary: FileSummary };

/** What is kept for one file, as it is now, read for one way to read answers. */
export type IndexCache = {
  readonly load: () => Promise<KeptIndex | null>;
  /** Does nothing when the file is no longer what it was, or the cache cannot be written. */
  readonly save: (kept: KeptIndex) => Promise<void>;
};

/** @returns `null` when it is not worth it: small files, and folders */
export async function indexCache(file: string, size: number, answer: string): Promise<IndexCache | null> {
  if (size < leastBytes) return null;
  const kept = keptFile<Header>('index', `${path.resolve(file)}\n${answer}`, mostKept);
  const stamp = await stampOf(file);
  return {
    async load() {
      const found = await kept.load(stamp);
      const index = found && TraceIndex.unpack(file, found.header, found.body);
      // The same file may have been named otherwise when it was read.
      return index && { index, summary: { ...found.header.summary, file } };
    },
    async save({ index, summary }) {
      if ((await stampOf(file).catch(() => null)) !== stamp) return;
      const { length, others, bytes } = index.pack();
      await kept.save(stamp, { summary, length, others }, bytes);
    },
  };
}

const stampOf = async (file: string): Promise<string> =>
  contentStamp(file, [await readFile(`${file}${mappingSuffix}`, 'utf8').catch(() => '')]);
