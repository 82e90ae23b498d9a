// Owns finding examples in a file: one pass through all of it for a query, of which it keeps the places of what was found (and, for an
// order, a short key of each). What was found so far can be asked for at any time. Must not know pages.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '../domain/failure';
import { type ExampleOrder, type ExampleQuery, type QueryProgress, wordsPattern } from '../domain/traceList';
import { whenQuiet } from './foreground';
import type { BegunFile, ReadOptions, ScannedTurn } from './traceFile';

/** After so long others have a turn, in milliseconds. */
const stepMs = 15;
const mostKeyChars = 40;

type Key = string | number;

export class ExampleFinder {
  #found = new Uint32Array(1024);
  #keys: Key[] = [];
  #length = 0;
  isDone = false;

  constructor(
    private readonly file: BegunFile,
    private readonly query: ExampleQuery,
  ) {}

  get length(): number {
    return this.#length;
  }

  /** Places of the examples found so far, in the query's order once all were. */
  slice(offset: number, limit: number): readonly number[] {
    return [...this.#found.subarray(offset, Math.min(this.#length, offset + limit))];
  }

  /** Reads the file from its start, unless that was done. @throws CancelledError; then the finder is as new */
  async run({ signal, onProgress }: FinderOptions): Promise<QueryProgress> {
    const progress = { found: 0, examples: 0, bytes: this.file.size, totalBytes: this.file.size };
    if (this.isDone) return { ...progress, found: this.#length };
    this.#forget();
    const passes = queryTest(this.query);
    const keyOf = orderKey(this.query.order);
    const onBytes: ReadOptions['onProgress'] = ({ bytes }) => {
      progress.bytes = bytes;
      onProgress?.({ ...progress, found: this.#length });
    };
    progress.bytes = 0;
    let resumedAt = performance.now();
    for await (const turn of this.file.turns({ ...(signal ? { signal } : {}), onProgress: onBytes })) {
      progress.examples += 1;
      if (passes(turn)) this.#add(turn.index, keyOf?.(turn));
      if (performance.now() - resumedAt < stepMs) continue;
      await nextTurn();
      await whenQuiet();
      throwIfCancelled(signal);
      resumedAt = performance.now();
    }
    if (keyOf) this.#sort(this.query.order.descending);
    else if (this.query.order.descending) this.#found.subarray(0, this.#length).reverse();
    this.isDone = true;
    return { ...progress, found: this.#length };
  }

  #forget(): void {
    this.#length = 0;
    this.#keys = [];
  }

  #add(index: number, key: Key | undefined): void {
    if (this.#length === this.#found.length) {
      const larger = new Uint32Array(2 * this.#found.length);
      larger.set(this.#found);
      this.#found = larger;
    }
    this.#found[this.#length] = index;
    if (key !== undefined) this.#keys.push(key);
    this.#length += 1;
  }

  /** Equal keys stay in the file's order, whichever way it goes. */
  #sort(descending: boolean): void {
    const keys = this.#keys;
    const places = this.#found.slice(0, this.#length);
    const order = Uint32Array.from(places.keys());
    const sign = descending ? -1 : 1;
    order.sort((a, b) => sign * compareKeys(keys[a]!, keys[b]!) || a - b);
    for (const [at, from] of order.entries()) this.#found[at] = places[from]!;
    this.#keys = [];
  }
}

export type FinderOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: QueryProgress) => void;
};

/** Numbers before words. */
function compareKeys(a: Key, b: Key): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `undefined`: the file's own order. */
function orderKey(order: ExampleOrder): ((turn: ScannedTurn) => Key) | undefined {
  if (order.by === 'field') return ({ turn }) => fieldKey(turn.fields, order.name);
  if (order.by === 'answer') return ({ answer }) => wordsKey(answer?.option ?? '');
  return order.by === 'length' ? ({ turn }) => turn.trace.reasoning.length : undefined;
}

function fieldKey(fields: ScannedTurn['turn']['fields'], name: string): Key {
  const value = Object.hasOwn(fields, name) ? fields[name] : null;
  return typeof value === 'number' ? value : wordsKey(String(value ?? ''));
}

/** A copy: a part of a long text would keep all of it in memory. */
const wordsKey = (words: string): string => Buffer.from(words.slice(0, mostKeyChars).toLowerCase()).toString();

function queryTest({ words, place, filters }: ExampleQuery): (turn: ScannedTurn) => boolean {
  const pattern = wordsPattern(words);
  const tests = filters.map(filterTest);
  return (scanned) => {
    if (!tests.every((test) => test(scanned))) return false;
    return pattern === null || searched(scanned, place).some((text) => text.search(pattern) >= 0);
  };
}

function filterTest(filter: ExampleQuery['filters'][number]): (turn: ScannedTurn) => boolean {
  if (filter.by === 'answer') return ({ answer }) => answer?.option === filter.option;
  if (filter.by === 'field')
    return ({ turn }) => Object.hasOwn(turn.fields, filter.name) && turn.fields[filter.name] === filter.value;
  const tests: Readonly<Record<typeof filter.flaw, (turn: ScannedTurn) => boolean>> = {
    opaque: ({ turn }) => turn.opaque !== null,
    unanswered: ({ answer }) => answer === null,
    empty: ({ turn }) => turn.opaque === null && turn.trace.reasoning.trim() === '',
  };
  return tests[filter.flaw];
}

function searched({ turn }: ScannedTurn, place: ExampleQuery['place']): readonly string[] {
  const { messages, trace, fields } = turn;
  const texts = {
    prompt: () => messages.map(({ content }) => content),
    reasoning: () => [trace.reasoning],
    answer: () => [trace.answerText],
    fields: () => Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  };
  return place === 'everywhere' ? Object.values(texts).flatMap((list) => list()) : texts[place]();
}
