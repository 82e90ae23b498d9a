// Owns append-only files of JSON lines: how they are appended to, read from a byte on, and healed after a torn last line.
// Must not know what the lines say.
import fs from 'node:fs';

export type Line = { readonly text: string; readonly start: number; readonly end: number };

/** Of a long file about `most` bytes, but at least one line; left out: all there is. */
export type Part = { readonly from: number; readonly most?: number };

const chunkBytes = 1 << 18;
const newline = 0x0a;

/**
 * The complete lines from byte `from` on; a last line without its newline is still being written (or torn) and is left out.
 * @returns the byte after the last line that was read.
 */
export function readLines(file: string, part: Part, onLine: (line: Line) => void): number {
  const handle = fs.openSync(file, 'r');
  try {
    return scan(handle, part, onLine);
  } finally {
    fs.closeSync(handle);
  }
}

function scan(handle: number, { from, most = Number.POSITIVE_INFINITY }: Part, onLine: (line: Line) => void): number {
  const buffer = Buffer.alloc(chunkBytes);
  let pending: Buffer[] = [];
  let lineStart = from;
  let position = from;
  for (;;) {
    const isEnough = position - from >= most && lineStart > from;
    const count = isEnough ? 0 : fs.readSync(handle, buffer, 0, chunkBytes, position);
    if (count === 0) return lineStart;
    let start = 0;
    for (let end = buffer.indexOf(newline); end !== -1 && end < count; end = buffer.indexOf(newline, start)) {
      const text = Buffer.concat([...pending, buffer.subarray(start, end)]).toString('utf8');
      pending = [];
      start = end + 1;
      onLine({ text, start: lineStart, end: position + start });
      lineStart = position + start;
    }
    pending.push(Buffer.from(buffer.subarray(start, count)));
    position += count;
  }
}

const usualLineBytes = 1 << 12;

/** The line that begins at this byte, without its newline. */
export function lineAt(handle: number, start: number): string {
  for (let bytes = usualLineBytes; ; bytes *= 4) {
    const buffer = Buffer.allocUnsafe(bytes);
    const read = buffer.subarray(0, fs.readSync(handle, buffer, 0, bytes, start));
    const end = read.indexOf(newline);
    if (end !== -1 || read.length < bytes) return read.subarray(0, end === -1 ? read.length : end).toString('utf8');
  }
}

/** What a full disk takes half of is taken back, so that the next line does not begin in the middle of this one. */
export function appendLine(handle: number, value: unknown): void {
  const line = Buffer.from(`${JSON.stringify(value)}\n`);
  let written = 0;
  try {
    while (written < line.length) written += fs.writeSync(handle, line, written);
  } catch (error) {
    if (written > 0) fs.ftruncateSync(handle, fs.fstatSync(handle).size - written);
    throw error;
  }
}

/** Appends values as lines, each at once, so that a killed process leaves at most one torn line, the last. */
export class LineWriter {
  private readonly handle: number;

  /** Opens for appending; a torn last line of an earlier process is cut off first. */
  constructor(file: string) {
    if (fs.existsSync(file))
      fs.truncateSync(
        file,
        readLines(file, { from: 0 }, () => undefined),
      );
    this.handle = fs.openSync(file, 'a');
  }

  append(value: unknown): void {
    appendLine(this.handle, value);
  }

  close(): void {
    try {
      fs.fsyncSync(this.handle);
    } finally {
      fs.closeSync(this.handle);
    }
  }
}
