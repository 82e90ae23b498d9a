// Owns bringing one file into the cache: streamed, resumed where it broke off, verified before it counts. Must not know which files
// make a model.
import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled, UserError } from '../domain/failure';
import type { HubFile } from './chooseFiles';
import { hubFailure, outOfReach, PassingFailure, statusFailure } from './hubFailure';

export type FileRequest = {
  readonly url: string;
  readonly repo: string;
  readonly file: HubFile;
  /** Where the finished file is to be. */
  readonly target: string;
  readonly token?: string;
  readonly signal: AbortSignal;
  /** Bytes of this file that are here. */
  readonly onBytes: (bytes: number) => void;
};

const tries = 6;
const firstPauseMs = 500;

/** The file's content, verified, is at the target afterwards. @throws UserError, CancelledError */
export async function fetchFile(request: FileRequest): Promise<void> {
  const { target, file, signal, repo } = request;
  if (fs.existsSync(target)) return request.onBytes(file.size);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const partial = `${target}.incomplete`;
  let reason = '';
  for (let failed = 0; failed < tries; ) {
    throwIfCancelled(signal);
    const before = sizeOf(partial);
    try {
      await append(request, partial);
      await verify(request, partial);
      fs.renameSync(partial, target);
      return;
    } catch (error) {
      const failure = hubFailure(error, repo);
      if (!(failure instanceof PassingFailure)) throw failure;
      reason = failure.message;
      // A connection that brought something is not one that failed.
      failed = sizeOf(partial) > before ? 1 : failed + 1;
      await delay(firstPauseMs * 2 ** failed * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
  throw outOfReach(`${repo} (${file.path})`, reason);
}

const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

async function append(request: FileRequest, partial: string): Promise<void> {
  const { url, token, signal, file, repo, onBytes } = request;
  let here = sizeOf(partial);
  if (here >= file.size && here > 0) return;
  const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
  if (here > 0) headers.Range = `bytes=${here}-`;
  const response = await fetch(url, { headers, signal });
  if (!response.ok || response.body === null) throw statusFailure(response.status, repo, file.path);
  // A server that knows no ranges sends the whole file again.
  if (here > 0 && response.status !== 206) here = 0;
  const output = fs.openSync(partial, here === 0 ? 'w' : 'a');
  try {
    for await (const chunk of response.body) {
      fs.writeSync(output, chunk);
      here += chunk.length;
      onBytes(here);
    }
  } finally {
    fs.closeSync(output);
  }
  if (here < file.size) throw new PassingFailure(`the connection ended after ${here} of ${file.size} bytes`);
}

/** A file that is not what the hub says it is is thrown away: nothing of it can be trusted. */
async function verify({ file, repo, signal }: FileRequest, partial: string): Promise<void> {
  const found = await sumOf(partial, file.sum.kind, signal);
  if (found === file.sum.hex) return;
  fs.rmSync(partial);
  throw new UserError(
    `${file.path} of ${repo} arrived damaged (its checksum is ${found.slice(0, 12)}…, not ${file.sum.hex.slice(0, 12)}…) and was removed. Download it again; if it happens twice, a proxy or mirror changes it.`,
  );
}

/** Hexadecimal sha256, or git's id of a file with this content. */
export async function sumOf(file: string, kind: HubFile['sum']['kind'], signal?: AbortSignal): Promise<string> {
  const hash: Hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  if (kind === 'git') hash.update(`blob ${fs.statSync(file).size}\0`);
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) {
    throwIfCancelled(signal);
    hash.update(chunk);
  }
  return hash.digest('hex');
}
