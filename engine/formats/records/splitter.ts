// Owns what a splitter is: bytes in, chunk by chunk, byte ranges of records out; and the window of bytes that are still needed.
// Must not know files or what records mean.

/** Bytes of one record in the file: [start, end), and the line (from 1) on which it starts. */
export type Slice = {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly problem: string | null;
};

export type Splitter = {
  readonly push: (chunk: Uint8Array) => readonly Slice[];
  readonly end: () => readonly Slice[];
};

/** Longer records could not become a string. */
export const longestRecord = 256 * 1024 * 1024;
export const tooLong = `longer than ${longestRecord / 1024 / 1024} MiB`;

/** The chunks that a record may still need, addressed by their offset in the file. */
export class ByteWindow {
  #chunks: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  end: number;

  constructor(start: number) {
    this.end = start;
  }

  append(bytes: Uint8Array): void {
    this.#chunks.push({ start: this.end, bytes });
    this.end += bytes.length;
  }

  /** Forgets what lies before an offset. */
  drop(before: number): void {
    const first = this.#chunks.findIndex((chunk) => chunk.start + chunk.bytes.length > before);
    this.#chunks.splice(0, first < 0 ? this.#chunks.length : first);
  }

  /** Copies where a record lies in several chunks. */
  slice(start: number, end: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const chunk of this.#chunks) {
      if (chunk.start >= end || chunk.start + chunk.bytes.length <= start) continue;
      parts.push(chunk.bytes.subarray(Math.max(0, start - chunk.start), end - chunk.start));
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }
}
