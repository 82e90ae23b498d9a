// Owns the memory of keys and values: one buffer that attention writes in place, or tensors that grow from call to call.
// Must not know what the tokens are or who asks.
import type { ModelLayout } from './layout';
import { Tensor, type Tensors } from './session';

/** A slot holds the keys and values of one evaluated token. */
export type KvCache = {
  /** Slots in use. */
  readonly length: number;
  /** Makes room for so many more slots; `spare` more are reserved when the buffer has to grow anyway. */
  readonly reserve: (slots: number, spare?: number) => void;
  /** Gives memory back when much more is reserved than for so many more slots. */
  readonly tighten: (slots: number) => void;
  readonly feeds: () => Tensors;
  readonly fetches: () => Record<string, Tensor | null>;
  /** Takes the outputs of a call that added so many slots. */
  readonly append: (slots: number, outputs: Tensors) => void;
  /** Forgets everything from this slot on. */
  readonly rewind: (length: number) => void;
};

type CacheArray = Float32Array | Uint16Array;

const makeArray = (layout: ModelLayout, length: number): CacheArray =>
  layout.cacheType === 'float16' ? new Uint16Array(length) : new Float32Array(length);

const makeTensor = (layout: ModelLayout, data: CacheArray, slots: number): Tensor =>
  new Tensor(layout.cacheType, data as Float32Array, [1, layout.kvHeads, slots, layout.headSize]);

/** Copies the first `slots` slots of each head between buffers of different capacity. */
function copySlots(layout: ModelLayout, from: CopySide, to: CopySide & { readonly slots: number }): void {
  const { kvHeads, headSize } = layout;
  for (let head = 0; head < kvHeads; head++) {
    const start = head * from.capacity * headSize;
    to.data.set(from.data.subarray(start, start + to.slots * headSize), head * to.capacity * headSize);
  }
}
type CopySide = { readonly data: CacheArray; readonly capacity: number };

/** Grown in blocks, because the runtime's binding copies the whole capacity of a fetched cache after every call. */
const blockSlots = 32;
const inBlocks = (slots: number): number => Math.ceil(slots / blockSlots) * blockSlots;

/**
 * One buffer for past and present, which GroupQueryAttention fills in place: rewinding is setting a length.
 * The capacity is kept tight: the runtime copies all of it after every call.
 */
export function inPlaceCache(layout: ModelLayout): KvCache {
  let length = 0;
  let capacity = 0;
  let buffers: readonly { readonly past: string; readonly present: string; readonly tensor: Tensor }[] = [];
  const resize = (wanted: number): void => {
    buffers = layout.cache.map((names, index) => {
      const data = makeArray(layout, layout.kvHeads * wanted * layout.headSize);
      const old = buffers[index]?.tensor.data as CacheArray | undefined;
      if (old !== undefined) copySlots(layout, { data: old, capacity }, { data, capacity: wanted, slots: length });
      return { ...names, tensor: makeTensor(layout, data, wanted) };
    });
    capacity = wanted;
  };
  return {
    get length() {
      return length;
    },
    reserve: (slots, spare = 0) => {
      if (length + slots > capacity) resize(inBlocks(length + slots + spare));
    },
    tighten: (slots) => {
      if (capacity > 1.5 * inBlocks(length + slots)) resize(inBlocks(length + slots));
    },
    feeds: () => Object.fromEntries(buffers.map(({ past, tensor }) => [past, tensor])),
    fetches: () => Object.fromEntries(buffers.map(({ present, tensor }) => [present, tensor])),
    append: (slots) => {
      length += slots;
    },
    rewind: (to) => {
      length = Math.min(length, to);
    },
  };
}

/** The outputs of a call are the inputs of the next: works for every layout, copies by construction. */
export function chainedCache(layout: ModelLayout): KvCache {
  let length = 0;
  let held = 0;
  let tensors = layout.cache.map((names) => ({ ...names, tensor: makeTensor(layout, makeArray(layout, 0), 0) }));
  const cutBack = (): void => {
    tensors = tensors.map((entry) => {
      const data = makeArray(layout, layout.kvHeads * length * layout.headSize);
      const old = { data: entry.tensor.data as CacheArray, capacity: held };
      copySlots(layout, old, { data, capacity: length, slots: length });
      return { ...entry, tensor: makeTensor(layout, data, length) };
    });
    held = length;
  };
  return {
    get length() {
      return length;
    },
    reserve: () => undefined,
    tighten: () => undefined,
    feeds: () => {
      if (held !== length) cutBack();
      return Object.fromEntries(tensors.map(({ past, tensor }) => [past, tensor]));
    },
    fetches: () => Object.fromEntries(tensors.map(({ present }) => [present, null])),
    append: (slots, outputs) => {
      tensors = tensors.map((entry) => ({ ...entry, tensor: outputs[entry.present]! }));
      length += slots;
      held = length;
    },
    rewind: (to) => {
      length = Math.min(length, to);
    },
  };
}
