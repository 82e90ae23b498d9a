// Owns what is kept on disk of files that take long to read: where their examples are, and what they hold in sum. A kept index counts only
// for the same bytes (size, time and samples of the content), the same mapping and the same build of this program; whatever is wrong with
// it, it is as if there were none.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mappingSuffix } from '../domain/fieldMapping';
import { cacheFolder } from '../formats/cacheFolder';
import type { FileSummary } from './contract';
import { type PackedIndex, TraceIndex } from './traceIndex';

/** Smaller files are read in an instant. */
const leastBytes = 4 * 1024 * 1024;
const mostKept = 64;
const sampleBytes = 4096;
const samples = 32;
const digestBytes = 32;
const lineFeed = 10;

export type KeptIndex = { readonly index: TraceIndex; readonly summary: FileSummary };

type Header = Omit<PackedIndex, 'bytes'> & { readonly stamp: string; readonly summary: FileSummary };

/** What is kept for one file, as it is now, read for one way to read answers. */
export type IndexCache = {
  readonly load: () => Promise<KeptIndex | null>;
  /** Does nothing when the file is no longer what it was, or the cache cannot be written. */
  readonly save: (kept: KeptIndex) => Promise<void>;
};

/** @returns `null` when it is not worth it: small files, and folders */
export async function indexCache(file: string, size: number, answer: string): Promise<IndexCache | null> {
  if (size < leastBytes) return null;
  const kept = path.join(cacheFolder('index'), `${sha256(`${__filename}\n${path.resolve(file)}\n${answer}`)}.index`);
  const stamp = await stampOf(file);
  return {
    load: () => load(kept, file, stamp).catch(() => null),
    async save(found) {
      if ((await stampOf(file).catch(() => null)) === stamp) await save(kept, stamp, found).catch(() => undefined);
    },
  };
}

/** Everything that a kept index depends on. */
async function stampOf(file: string): Promise<string> {
  const [content, build] = await Promise.all([stat(file), stat(__filename)]);
  const mapping = await readFile(`${file}${mappingSuffix}`, 'utf8').catch(() => '');
  const versions = [build.size, build.mtimeMs, os.endianness()];
  return sha256(
    JSON.stringify([...versions, content.size, content.mtimeMs, mapping, await sampled(file, content.size)]),
  );
}

/** A hash of pieces of the content at even distances, its start and end among them. */
async function sampled(file: string, size: number): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    for (let at = 0; at < samples; at += 1) {
      const position = Math.floor(((size - sampleBytes) * at) / (samples - 1));
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, Math.max(0, position));
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function load(kept: string, file: string, stamp: string): Promise<KeptIndex | null> {
  const content = await readFile(kept);
  const body = content.subarray(digestBytes);
  if (!createHash('sha256').update(body).digest().equals(content.subarray(0, digestBytes))) return null;
  const headerEnd = body.indexOf(lineFeed);
  const header = JSON.parse(body.subarray(0, headerEnd).toString()) as Header;
  if (header.stamp !== stamp) return null;
  const index = TraceIndex.unpack(file, header, body.subarray(headerEnd + 1));
  // The same file may have been named otherwise when it was read.
  return index && { index, summary: { ...header.summary, file } };
}

/** Written beside and renamed, so that nobody ever reads half of it. */
async function save(kept: string, stamp: string, { index, summary }: KeptIndex): Promise<void> {
  const { length, others, bytes } = index.pack();
  const header: Header = { stamp, summary, length, others };
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), ...bytes];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  await mkdir(path.dirname(kept), { recursive: true });
  const beside = `${kept}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(beside, [hash.digest(), ...parts]);
    await rename(beside, kept);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await dropOldest(path.dirname(kept));
}

async function dropOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= mostKept) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { file, writtenMs: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => b.writtenMs - a.writtenMs);
  await Promise.all(aged.slice(mostKept).map(({ file }) => rm(file, { force: true })));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
