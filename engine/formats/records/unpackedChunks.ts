// Owns unpacking a file from its start, a chunk at a time: gzip (several members too) and Zstandard (several frames too).
// Must not know what becomes of the bytes.
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { fileChunks } from './content';

export type Packed = 'gzip' | 'zstd';

/** So many bytes of the file are unpacked at once: four bytes of Zstandard may hold 128 KiB. */
const sliceBytes = 1024;
const gzipSliceBytes = 64 * 1024;

/**
 * @param onPacked told how many bytes of the file were used
 * @throws Error where the data are damaged or end too early; what was unpacked before came out
 */
export function unpackedChunks(
  file: string,
  packed: Packed,
  onPacked: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  return packed === 'gzip' ? gunzipped(file, onPacked) : unzstandarded(file, onPacked);
}

async function* packedSlices(
  file: string,
  length: number,
  onPacked: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of fileChunks(file, 0, {})) {
    for (let at = 0; at < chunk.length; at += length) {
      const slice = chunk.subarray(at, at + length);
      position += slice.length;
      onPacked(position);
      yield slice;
    }
  }
}

async function* gunzipped(file: string, onPacked: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  const feeding = feed(gunzip, packedSlices(file, gzipSliceBytes, onPacked)).catch(
    (error: Error) => void gunzip.destroy(error),
  );
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

async function feed(gunzip: ReturnType<typeof createGunzip>, slices: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const slice of slices) {
    if (gunzip.destroyed) return;
    if (gunzip.write(slice)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        gunzip.off('drain', go);
        gunzip.off('close', go);
        resolve();
      };
      gunzip.on('drain', go);
      gunzip.on('close', go);
    });
  }
  gunzip.end();
}

async function* unzstandarded(file: string, onPacked: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => void ready.push(chunk));
  for await (const slice of packedSlices(file, sliceBytes, onPacked)) {
    // The stream keeps what it is given until it has used it; the slice's buffer is nobody else's.
    stream.push(slice);
    yield* ready;
    ready = [];
  }
  stream.push(new Uint8Array(), true);
  yield* ready;
}
