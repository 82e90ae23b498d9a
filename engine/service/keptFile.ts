// Owns files in which this program keeps what it took long to find out: a header and bytes, written in one step, believed only whole and
// under the stamp that they were written with. Whatever is wrong with one, it is as if there were none. Must not know what is kept.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../formats/cacheFolder';

const sampleBytes = 4096;
const samples = 32;
const digestBytes = 32;
const lineFeed = 10;

export type Kept<Header> = { readonly header: Header; readonly body: Uint8Array };

export type KeptFile<Header> = {
  /** @returns `null` when there is none under this stamp. */
  readonly load: (stamp: string) => Promise<Kept<Header> | null>;
  /** Does nothing when the cache cannot be written. */
  readonly save: (stamp: string, header: Header, parts: readonly Uint8Array[]) => Promise<void>;
};

/** @param kind one folder of the cache, of which the newest `most` files stay; `key` tells its files apart, with this build of the program */
export function keptFile<Header>(kind: string, key: string, most: number): KeptFile<Header> {
  const file = path.join(cacheFolder(kind), `${sha256(`${__filename}\n${key}`)}.kept`);
  return {
    load: (stamp) => load<Header>(file, stamp).catch(() => null),
    save: async (stamp, header, parts) => {
      const saved = await save(file, `${JSON.stringify({ stamp, header })}\n`, parts).then(
        () => true,
        () => false,
      );
      if (saved) await dropOldest(path.dirname(file), most).catch(() => undefined);
    },
  };
}

/** Everything that what is kept of a file depends on: its size, time and samples of its content, this build, and `more`. */
export async function contentStamp(file: string, more: readonly string[]): Promise<string> {
  const [content, build] = await Promise.all([stat(file), stat(__filename)]);
  const versions = [build.size, build.mtimeMs, os.endianness()];
  return sha256(JSON.stringify([...versions, content.size, content.mtimeMs, more, await sampled(file, content.size)]));
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

async function load<Header>(file: string, stamp: string): Promise<Kept<Header> | null> {
  const content = await readFile(file);
  const body = content.subarray(digestBytes);
  if (!createHash('sha256').update(body).digest().equals(content.subarray(0, digestBytes))) return null;
  const headerEnd = body.indexOf(lineFeed);
  const kept = JSON.parse(body.subarray(0, headerEnd).toString()) as {
    readonly stamp: string;
    readonly header: Header;
  };
  return kept.stamp === stamp ? { header: kept.header, body: body.subarray(headerEnd + 1) } : null;
}

/** Written beside and renamed, so that nobody ever reads half of it. */
async function save(file: string, header: string, parts: readonly Uint8Array[]): Promise<void> {
  const all = [Buffer.from(header), ...parts];
  const hash = createHash('sha256');
  for (const part of all) hash.update(part);
  await mkdir(path.dirname(file), { recursive: true });
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(beside, [hash.digest(), ...all]);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function dropOldest(folder: string, most: number): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= most) return;
  const aged = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { file, writtenMs: (await stat(file).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  aged.sort((a, b) => b.writtenMs - a.writtenMs);
  await Promise.all(aged.slice(most).map(({ file }) => rm(file, { force: true })));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
