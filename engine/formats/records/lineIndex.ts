// Owns where the lines of a file start: found by a scan for line feeds alone, so that it costs little more than reading the file.
// Must not know what a line holds. Eight bytes of memory a line.
import type { Content, ScanOptions } from './content';

const lineFeed = 10;
const blockLength = 65_536;

export class LineIndex {
  readonly #blocks: Float64Array[] = [];
  /** Lines, the blank ones too. */
  length = 0;
  /** End of the file when it was scanned, in bytes. */
  end = 0;

  add(start: number): void {
    const at = this.length % blockLength;
    if (at === 0) this.#blocks.push(new Float64Array(blockLength));
    this.#blocks.at(-1)![at] = start;
    this.length += 1;
  }

  /** Bytes [start, end) of a line, counted from 1, without its line feed; `null` when the file has fewer. */
  range(line: number): { readonly start: number; readonly end: number } | null {
    if (!(line >= 1 && line <= this.length)) return null;
    return { start: this.#start(line), end: line === this.length ? this.end : this.#start(line + 1) - 1 };
  }

  #start(line: number): number {
    return this.#blocks[Math.floor((line - 1) / blockLength)]![(line - 1) % blockLength]!;
  }
}

/** @param start in bytes: behind a byte order mark. The last line counts even without a line feed, an empty one does not. */
export async function indexLines(
  content: Pick<Content, 'readAhead'>,
  start: number,
  options: ScanOptions,
): Promise<LineIndex> {
  const index = new LineIndex();
  let lineStart = start;
  let position = start;
  for await (const chunk of content.readAhead(start, options)) {
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) {
      index.add(lineStart);
      lineStart = position + at + 1;
    }
    position += chunk.length;
  }
  // Where a line feed ends the file, the end lies behind it as if another line followed.
  index.end = lineStart < position ? position : Math.max(start, position - 1);
  if (lineStart < position) index.add(lineStart);
  return index;
}
