// Owns where the examples of a file are, in a few numbers each, so that a million of them fit in memory.
// Must not know formats. Sources other than byte ranges are kept as they are.
import type { Source } from '../domain/example';

export type IndexEntry = { readonly source: Source; readonly turn: number; readonly ordinal: number };

const columns = 5;

export class TraceIndex {
  #numbers = new Float64Array(columns * 1024);
  readonly #others = new Map<number, Source>();
  length = 0;

  constructor(private readonly file: string) {}

  add(entry: IndexEntry): void {
    const at = this.length * columns;
    if (at + columns > this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const { source, turn, ordinal } = entry;
    if (source.kind === 'bytes') this.#numbers.set([source.start, source.end, source.line, turn, ordinal], at);
    else {
      this.#others.set(this.length, source);
      this.#numbers.set([0, 0, 0, turn, ordinal], at);
    }
    this.length += 1;
  }

  get(index: number): IndexEntry {
    const [start = 0, end = 0, line = 0, turn = 0, ordinal = 1] = this.#numbers.subarray(
      index * columns,
      (index + 1) * columns,
    );
    const source = this.#others.get(index) ?? { kind: 'bytes', file: this.file, start, end, line };
    return { source, turn, ordinal };
  }
}
