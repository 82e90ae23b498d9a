// Owns reading a packed file at any place without holding it in memory: it is unpacked as far as somebody reads, into a file in the cache
// that has no name where the system allows that, and so is gone with this process. Must not know records.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { throwIfCancelled, UserError } from '../../domain/failure';
import { cacheFolder } from '../cacheFolder';
import type { Content, ScanOptions } from './content';
import { type Packed, unpackedChunks } from './unpackedChunks';

/** Nothing that people trace is larger; what unpacks to more is meant to fill the disk. */
const mostSpooled = 64 * 1024 ** 3;
/** So much of the disk stays free. */
const leastFree = 1024 ** 3;
const checkEvery = 256 * 1024 ** 2;
const chunkSize = 256 * 1024;
const ending = '.unpacked';
const staleMs = 24 * 3600 * 1000;

/** @param file the packed file */
export function spooledContent(file: string, packed: Packed): Content {
  let spool: Spool | null = null;
  const opened = (): Spool => {
    spool ??= new Spool(file, packed);
    return spool;
  };
  return {
    chunks: (start, options) => spooledChunks(opened(), start, options),
    readAhead: (start, options) => spooledChunks(opened(), start, options),
    async range(start, end) {
      const from = opened();
      return from.use(async () => {
        await from.fill(end, {});
        if (from.filled < end) throw new UserError(`${file}: it unpacks to less than it did. Open it again.`);
        return from.read(start, end);
      });
    },
    damage: () => spool?.damage ?? null,
    close() {
      spool?.close();
      spool = null;
    },
  };
}

async function* spooledChunks(spool: Spool, start: number, options: ScanOptions): AsyncGenerator<Uint8Array> {
  spool.begin();
  try {
    for (let position = start; ; ) {
      throwIfCancelled(options.signal);
      await spool.fill(position + chunkSize, options);
      const end = Math.min(position + chunkSize, spool.filled);
      if (end <= position) return;
      yield spool.read(position, end);
      position = end;
      options.onBytes?.(spool.packedBytes);
    }
  } finally {
    spool.end();
  }
}

class Spool {
  /** Bytes unpacked so far, and how many of the packed ones they took. */
  filled = 0;
  packedBytes = 0;
  damage: string | null = null;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #handle: number;
  #filling: Promise<void> = Promise.resolve();
  #isDone = false;
  #users = 0;
  #isClosed = false;
  #checked = 0;

  constructor(
    private readonly file: string,
    packed: Packed,
  ) {
    const onPacked = (bytes: number): void => {
      this.packedBytes = bytes;
    };
    this.#source = unpackedChunks(file, packed, onPacked)[Symbol.asyncIterator]();
    this.#handle = namelessFile();
  }

  /** Unpacks on to an offset, or to the end; one at a time, whoever asks. */
  fill(end: number, options: ScanOptions): Promise<void> {
    this.#filling = this.#filling.then(() => this.#unpack(end, options));
    const filled = this.#filling;
    this.#filling = filled.catch(() => undefined);
    return filled;
  }

  async #unpack(end: number, { signal }: ScanOptions): Promise<void> {
    while (!this.#isDone && this.filled < end) {
      throwIfCancelled(signal);
      const { done, value } = await this.#next();
      if (done) this.#isDone = true;
      else this.#write(value);
    }
  }

  async #next(): Promise<{ readonly done?: boolean | undefined; readonly value: Uint8Array }> {
    try {
      return await this.#source.next();
    } catch (error) {
      this.damage = error instanceof Error ? error.message : String(error);
      return { done: true, value: new Uint8Array() };
    }
  }

  #write(bytes: Uint8Array): void {
    if (this.filled + bytes.length > mostSpooled)
      throw new UserError(`${this.file}: it unpacks to more than ${mostSpooled / 1024 ** 3} GiB.`);
    if (this.filled >= this.#checked) this.#checkRoom();
    for (let at = 0; at < bytes.length; )
      at += fs.writeSync(this.#handle, bytes, at, bytes.length - at, this.filled + at);
    this.filled += bytes.length;
  }

  #checkRoom(): void {
    const { bavail, bsize } = fs.statfsSync(cacheFolder('unpacked'));
    if (bavail * bsize < leastFree + checkEvery)
      throw new UserError(
        `${this.file}: there is no room in ${cacheFolder('unpacked')} to unpack it. Free some, or name another place in COUNTERTHOUGHT_CACHE.`,
      );
    this.#checked = this.filled + checkEvery;
  }

  read(start: number, end: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(end - start);
    for (let at = 0; at < bytes.length; ) {
      const read = fs.readSync(this.#handle, bytes, at, bytes.length - at, start + at);
      if (read === 0) throw new UserError(`${this.file}: what was unpacked of it is gone. Open it again.`);
      at += read;
    }
    return bytes;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work();
    } finally {
      this.end();
    }
  }

  begin(): void {
    this.#users += 1;
  }

  end(): void {
    this.#users -= 1;
    if (this.#isClosed && this.#users === 0) this.#release();
  }

  /** At once, or when the last one who reads is done. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#users === 0) this.#release();
  }

  #release(): void {
    fs.closeSync(this.#handle);
    this.#source.return?.().catch(() => undefined);
  }
}

/** Open for reading and writing, and gone when it is closed. */
function namelessFile(): number {
  const folder = cacheFolder('unpacked');
  fs.mkdirSync(folder, { recursive: true });
  sweep(folder);
  const name = path.join(folder, `${randomBytes(8).toString('hex')}${ending}`);
  const handle = fs.openSync(name, 'wx+', 0o600);
  try {
    fs.unlinkSync(name);
  } catch {
    // Windows keeps the name while it is open.
    process.once('exit', () => fs.rmSync(name, { force: true }));
  }
  return handle;
}

/** What processes that died left where files keep their names. */
function sweep(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const stat = name.endsWith(ending) ? fs.statSync(file, { throwIfNoEntry: false }) : undefined;
    if (stat && Date.now() - stat.mtimeMs > staleMs) fs.rmSync(file, { force: true });
  }
}
