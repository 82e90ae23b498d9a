// Owns writing a text file piece by piece, under another name until it is whole. Must not know what the text is.
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';

/** Lone surrogates have no UTF-8; writers of JSON escape them before. */
export async function writeTextFile(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const partial = `${file}.partial`;
  const stream = createWriteStream(partial, { flags: 'w' });
  const done = finished(stream);
  done.catch(() => undefined);
  try {
    for await (const piece of pieces) if (!stream.write(piece)) await drained(stream, done);
    stream.end();
    await done;
    await rename(partial, file);
  } catch (error) {
    stream.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

/** Or failed, which then says why. */
const drained = (stream: NodeJS.EventEmitter, done: Promise<void>): Promise<void> =>
  Promise.race([new Promise<void>((resolve) => void stream.once('drain', resolve)), done]);
