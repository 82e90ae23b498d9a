// Owns append-only files of JSON lines: how they are appended to, read from a byte on, and healed after a torn last line.
// Must not know what the lines say.
import fs from 'node:fs';

export type Line = { readonly text: string; readonly start: number; readonly end: number };

const chunkBytes = 1 << 18;
const newline = 0x0a;

/**
 * The complete lines from byte `from` on; a last line without its newline is still being written (or torn) and is left out.
 * @returns the byte after the last complete line.
 */
export function readLines(file: string, from: number, onLine: (line: Line) => void): number {
  const handle = fs.openSync(file, 'r');
  try {
    return scan(handle, from, onLine);
  } finally {
    fs.closeSync(handle);
  }
}

function scan(handle: number, from: number, onLine: (line: Line) => void): number {
  const buffer = Buffer.alloc(chunkBytes);
  let pending: Buffer[] = [];
  let lineStart = from;
  let position = from;
  for (;;) {
    const count = fs.readSync(handle, buffer, 0, chunkBytes, position);
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

/** Appends values as lines, each in one write, so that a killed process leaves at most one torn line, the last. */
export class LineWriter {
  private readonly handle: number;

  /** Opens for appending; a torn last line of an earlier process is cut off first. */
  constructor(file: string) {
    if (fs.existsSync(file))
      fs.truncateSync(
        file,
        readLines(file, 0, () => undefined),
      );
    this.handle = fs.openSync(file, 'a');
  }

  append(value: unknown): void {
    fs.writeSync(this.handle, `${JSON.stringify(value)}\n`);
  }

  close(): void {
    fs.fsyncSync(this.handle);
    fs.closeSync(this.handle);
  }
}
