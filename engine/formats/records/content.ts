// Owns what a file's bytes are read from: the file as it lies on disk, or what a packed one unpacks to. Must not know records.
import { open } from 'node:fs/promises';
import { throwIfCancelled, UserError } from '../../domain/failure';

const chunkSize = 1024 * 1024;
const aheadSize = 2 * 1024 * 1024;

export type ScanOptions = { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void };

export type Content = {
  /** From an offset to the end, in buffers that nobody else writes to. */
  readonly chunks: (start: number, options: ScanOptions) => AsyncIterable<Uint8Array>;
  /** The same for those who look at each chunk before they ask for the next: it is valid only until then. */
  readonly readAhead: (start: number, options: ScanOptions) => AsyncIterable<Uint8Array>;
  /** @throws UserError when the content ends before */
  readonly range: (start: number, end: number) => Promise<Uint8Array>;
  /** Why the content ends before its end, once it was read so far; `null` while nothing is wrong with it. */
  readonly damage: () => string | null;
  /** Lets go of what is kept outside memory; it can still be read, from its start. */
  readonly close: () => void;
};

export const fileContent = (path: string): Content => ({
  chunks: (start, options) => fileChunks(path, start, options),
  readAhead: (start, options) => readAhead(path, start, options),
  range: (start, end) => fileRange(path, start, end),
  damage: () => null,
  close: () => undefined,
});

export async function* fileChunks(path: string, start: number, options: ScanOptions): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    for (let position = start; ; ) {
      throwIfCancelled(options.signal);
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkSize), 0, chunkSize, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
      options.onBytes?.(position);
    }
  } finally {
    await file.close();
  }
}

async function fileRange(path: string, start: number, end: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.allocUnsafe(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length)
      throw new UserError(`${path}: the file became shorter since it was opened. Open it again.`);
    return bytes;
  } finally {
    await file.close();
  }
}

/** Reads the next chunk while one is looked at: two buffers in turns, each valid until the next is asked for. */
async function* readAhead(path: string, start: number, options: ScanOptions): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  const buffers = [Buffer.allocUnsafe(aheadSize), Buffer.allocUnsafe(aheadSize)] as const;
  const read = (position: number, turn: number) => file.read(buffers[turn % 2]!, 0, aheadSize, position);
  try {
    let next = read(start, 0);
    for (let position = start, turn = 0; ; turn += 1) {
      const { bytesRead, buffer } = await next;
      throwIfCancelled(options.signal);
      if (bytesRead === 0) return;
      position += bytesRead;
      next = read(position, turn + 1);
      next.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
      options.onBytes?.(position);
    }
  } finally {
    await file.close();
  }
}
