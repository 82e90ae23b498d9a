// Owns where the examples of a file are, in 24 bytes each, so that millions of them fit in memory; and the same as bytes, to keep on disk.
// Must not know formats. Sources other than byte ranges are kept as they are.
import type { Source } from '../domain/example';

export type IndexEntry = { readonly source: Source; readonly turn: number; readonly ordinal: number };

/** Columns of whole numbers beside the start: length in bytes, line, turn, ordinal. */
const columns = 4;
const blockLength = 16_384;

type Block = { readonly starts: Float64Array; readonly numbers: Uint32Array };

export type PackedIndex = {
  readonly length: number;
  readonly others: readonly (readonly [index: number, source: Source])[];
  /** Blocks behind one another, each its starts and then its numbers, as this machine writes them. */
  readonly bytes: readonly Uint8Array[];
};

export class TraceIndex {
  readonly #blocks: Block[] = [];
  readonly #others = new Map<number, Source>();
  length = 0;

  constructor(private readonly file: string) {}

  add(entry: IndexEntry): void {
    const at = this.length % blockLength;
    if (at === 0) this.#blocks.push(emptyBlock());
    const { starts, numbers } = this.#blocks.at(-1)!;
    const { source, turn, ordinal } = entry;
    const { start, end, line } = source.kind === 'bytes' ? source : { start: 0, end: 0, line: 0 };
    if (source.kind !== 'bytes') this.#others.set(this.length, source);
    starts[at] = start;
    numbers.set([end - start, line, turn, ordinal], at * columns);
    this.length += 1;
  }

  get(index: number): IndexEntry {
    const { starts, numbers } = this.#blocks[Math.floor(index / blockLength)]!;
    const at = index % blockLength;
    const start = starts[at]!;
    const [length = 0, line = 0, turn = 0, ordinal = 1] = numbers.subarray(at * columns, (at + 1) * columns);
    const source = this.#others.get(index) ?? { kind: 'bytes', file: this.file, start, end: start + length, line };
    return { source, turn, ordinal };
  }

  pack(): PackedIndex {
    const bytes = this.#blocks.flatMap(({ starts, numbers }) => [asBytes(starts), asBytes(numbers)]);
    return { length: this.length, others: [...this.#others], bytes };
  }

  /** The inverse of {@link pack}; `null` when there are not the bytes for so many examples. */
  static unpack(file: string, packed: Omit<PackedIndex, 'bytes'>, bytes: Uint8Array): TraceIndex | null {
    const index = new TraceIndex(file);
    let at = 0;
    for (let held = 0; held < packed.length; held += blockLength) {
      const block = emptyBlock();
      for (const column of [block.starts, block.numbers]) {
        if (at + column.byteLength > bytes.length) return null;
        asBytes(column).set(bytes.subarray(at, at + column.byteLength));
        at += column.byteLength;
      }
      index.#blocks.push(block);
    }
    if (at !== bytes.length) return null;
    for (const [which, source] of packed.others) index.#others.set(which, source);
    index.length = packed.length;
    return index;
  }
}

const emptyBlock = (): Block => ({
  starts: new Float64Array(blockLength),
  numbers: new Uint32Array(blockLength * columns),
});

const asBytes = (array: Float64Array | Uint32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
