// Owns one call of the network: token rows in, logits of the wanted rows out, the cache grown by the rows.
// Must not know jobs, sampling or why a row sees what it sees.
import type { KvCache } from './kvCache';
import type { FloatType, ModelLayout } from './layout';
import type { ModelSession, Tensors } from './session';
import { rawNumbers, Tensor } from './session';

/** Slots that a row sees: `[start, end, start, end, …]`, half-open, ascending, its own slot included. */
export type SlotRanges = readonly number[];

/** Tokens to evaluate, each in the slot after the one before. */
export type Rows = {
  readonly ids: readonly number[];
  /** Distance of each token from the beginning of its own text. */
  readonly positions: readonly number[];
  /** What each row sees; `null`: everything before it and itself. */
  readonly visible: readonly SlotRanges[] | null;
  /** Rows whose logits are wanted, ascending. */
  readonly wanted: readonly number[];
};

export type Forward = {
  readonly vocabSize: number;
  readonly cache: KvCache;
  /** Whether `visible` may be other than `null`. */
  readonly hidesSlots: boolean;
  /** Returns [wanted rows × vocabulary]. */
  readonly evaluate: (rows: Rows) => Promise<Float32Array>;
};

export type ForwardParts = { readonly session: ModelSession; readonly layout: ModelLayout; readonly cache: KvCache };

export function makeForward({ session, layout, cache }: ForwardParts): Forward {
  const evaluate = async (rows: Rows): Promise<Float32Array> => {
    cache.reserve(rows.ids.length);
    const feeds = { ...inputFeeds(layout, rows, cache), ...cache.feeds() };
    const outputs = await session.run(feeds, { logits: null, ...cache.fetches() });
    cache.append(rows.ids.length, outputs);
    return pickLogits(layout, rows, outputs.logits!);
  };
  return { vocabSize: layout.vocabSize, cache, hidesSlots: layout.biasType !== null, evaluate };
}

function inputFeeds(layout: ModelLayout, rows: Rows, cache: KvCache): Tensors {
  const count = rows.ids.length;
  const total = cache.length + count;
  const feeds: Tensors = { input_ids: integers(rows.ids, [1, count]) };
  if (layout.hasMask) feeds.attention_mask = new Tensor('int64', new BigInt64Array(total).fill(1n), [1, total]);
  if (layout.hasPositions) feeds.position_ids = integers(rows.positions, [1, count]);
  if (layout.biasType !== null) feeds.attention_bias = biasTensor(layout, rows, cache);
  if (layout.selection === 'rows') feeds.logit_idx = integers(askedRows(rows), [askedRows(rows).length]);
  if (layout.selection === 'tail') feeds.num_logits_to_keep = integers([count - askedRows(rows)[0]!], []);
  return feeds;
}

const integers = (values: readonly number[], shape: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), shape);

/** At least one row: an empty product is a special case that no exporter tests. */
const askedRows = (rows: Rows): readonly number[] => (rows.wanted.length > 0 ? rows.wanted : [rows.ids.length - 1]);

/** Far below every score, far above the overflow of either type. */
const hidden = { float32: -1e30, float16: 0xfbff };

function biasTensor(layout: ModelLayout, { ids, visible }: Rows, { length, shown }: KvCache): Tensor {
  const type: FloatType = layout.biasType ?? 'float32';
  const make = (size: number): Float32Array | Uint16Array =>
    type === 'float16' ? new Uint16Array(size) : new Float32Array(size);
  const total = shown + ids.length;
  if (visible === null && layout.attention === 'fused') {
    const shape = layout.biasBroadcasts ? [1, 1, 1, 1] : [1, 1, ids.length, total];
    return new Tensor(type, make(shape[2]! * shape[3]!) as Float32Array, shape);
  }
  const bias = make(ids.length * total).fill(hidden[type]);
  // The call's own rows stand behind all slots that are shown, filled or not.
  const column = (slot: number): number => (slot < length ? slot : slot - length + shown);
  for (let row = 0; row < ids.length; row++) {
    const ranges = visible?.[row] ?? [0, length + row + 1];
    const show = (start: number, end: number) => bias.fill(0, row * total + start, row * total + end);
    for (let i = 0; i < ranges.length; i += 2) {
      const [start, end] = [ranges[i]!, ranges[i + 1]!];
      if (start < length) show(start, Math.min(end, length));
      if (end > length) show(column(Math.max(start, length)), column(end - 1) + 1);
    }
  }
  return new Tensor(type, bias as Float32Array, [1, 1, ids.length, total]);
}

function pickLogits(layout: ModelLayout, rows: Rows, logits: Tensor): Float32Array {
  const size = layout.vocabSize;
  const all = toFloats(logits);
  if (layout.selection === 'rows') return all.subarray(0, rows.wanted.length * size);
  const first = rows.ids.length - (logits.dims[1] ?? 0);
  const picked = new Float32Array(rows.wanted.length * size);
  rows.wanted.forEach((row, index) => {
    picked.set(all.subarray((row - first) * size, (row - first + 1) * size), index * size);
  });
  return picked;
}

function toFloats(tensor: Tensor): Float32Array {
  const numbers = rawNumbers(tensor);
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers, halfToFloat);
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
