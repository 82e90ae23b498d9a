// Owns the memory of keys and values: one buffer that attention writes in place, or tensors that grow from call to call.
// Must not know what the tokens are or who asks.
import type { ModelLayout } from './layout';
import { rawNumbers, Tensor, type Tensors } from './session';

/** A slot holds the keys and values of one evaluated token. */
export type KvCache = {
  /** Slots in use. */
  readonly length: number;
  /** Slots that the next call is shown; those beyond `length` hold nothing and must be hidden. */
  readonly shown: number;
  /** Makes room for so many more slots; `spare` more are reserved when the buffer has to grow anyway. */
  readonly reserve: (slots: number, spare?: number) => void;
  /** So many slots will be needed in all: memory for them is taken at once, so that growing leaves no memory behind. */
  readonly expect: (slots: number) => void;
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

type Heads = { readonly data: CacheArray; readonly capacity: number };

/** Copies the first slots of each head to where they stand at another capacity, also within one memory. */
function moveSlots({ kvHeads, headSize }: ModelLayout, from: Heads & { readonly slots: number }, to: Heads): void {
  const size = from.slots * headSize;
  const grows = to.capacity > from.capacity;
  for (let step = 0; step < kvHeads; step++) {
    // The last head first when they move apart: no head overwrites one that has yet to move.
    const head = grows ? kvHeads - 1 - step : step;
    const [source, target] = [head * from.capacity * headSize, head * to.capacity * headSize];
    if (from.data === to.data) to.data.copyWithin(target, source, source + size);
    else to.data.set(from.data.subarray(source, source + size), target);
  }
}

/** How much more memory is taken than needed where more was needed than expected, so that growing seldom takes new memory. */
const growthFactor = 1.5;

const blockSlots = 32;
const inBlocks = (slots: number): number => Math.max(1, Math.ceil(slots / blockSlots)) * blockSlots;

/**
 * Buffers with room to grow, in which rewinding is setting a length. `inPlace`: attention itself writes into them, and the runtime copies
 * the whole capacity out after every call, so it is kept tight. `newRows`: the graph gives the new rows alone, and they are copied in here.
 */
export function bufferedCache(layout: ModelLayout, writing: 'inPlace' | 'newRows'): KvCache {
  let length = 0;
  let capacity = 0;
  let spareSlots = 0;
  let expectedSlots = 0;
  let buffers: readonly Buffered[] = [];
  /** Moves the heads apart or together within their memory; takes new memory only when it is too small or far too large. */
  const resize = (wanted: number): void => {
    const slotSize = layout.kvHeads * layout.headSize;
    const size = wanted * slotSize;
    const held = buffers[0]?.memory.length ?? 0;
    const fits = size <= held && 3 * Math.max(size, expectedSlots * slotSize) >= held;
    const taken = wanted <= expectedSlots ? expectedSlots * slotSize : Math.ceil(size * growthFactor);
    const from = { capacity, slots: length };
    buffers = layout.cache.map((names, index) => {
      const old = buffers[index];
      const memory = fits ? old!.memory : makeArray(layout, taken);
      if (old !== undefined) moveSlots(layout, { ...from, data: old.memory }, { data: memory, capacity: wanted });
      return { ...names, memory, tensor: makeTensor(layout, memory.subarray(0, size), wanted) };
    });
    capacity = wanted;
  };
  const fit = (slots: number): void => {
    if (slots > capacity) resize(inBlocks(slots + spareSlots));
  };
  return {
    get length() {
      return length;
    },
    get shown() {
      return writing === 'inPlace' ? length : capacity;
    },
    reserve: (slots, spare = 0) => {
      spareSlots = spare;
      fit(writing === 'inPlace' ? length + slots : Math.max(1, length));
    },
    expect: (slots) => {
      expectedSlots = inBlocks(slots);
    },
    tighten: (slots) => {
      if (capacity > 1.25 * inBlocks(length + slots)) resize(inBlocks(length + slots));
    },
    feeds: () => Object.fromEntries(buffers.map(({ past, tensor }) => [past, tensor])),
    fetches: () =>
      Object.fromEntries(buffers.map(({ present, tensor }) => [present, writing === 'inPlace' ? tensor : null])),
    append: (slots, outputs) => {
      fit(length + slots);
      if (writing === 'newRows')
        for (const buffer of buffers) appendRows(layout, buffer, { capacity, length, slots, outputs });
      length += slots;
    },
    rewind: (to) => {
      length = Math.min(length, to);
    },
  };
}

type Buffered = ModelLayout['cache'][number] & { readonly memory: CacheArray; readonly tensor: Tensor };

function appendRows(
  { kvHeads, headSize }: ModelLayout,
  { memory, present }: Buffered,
  at: { readonly capacity: number; readonly length: number; readonly slots: number; readonly outputs: Tensors },
): void {
  const rows = rawNumbers(at.outputs[present]!);
  const size = at.slots * headSize;
  for (let head = 0; head < kvHeads; head++) {
    memory.set(rows.subarray(head * size, (head + 1) * size), (head * at.capacity + at.length) * headSize);
  }
}

/** The outputs of a call are the inputs of the next: works for every layout, copies by construction. */
export function chainedCache(layout: ModelLayout): KvCache {
  let length = 0;
  let held = 0;
  let tensors = layout.cache.map((names) => ({ ...names, tensor: makeTensor(layout, makeArray(layout, 0), 0) }));
  const cutBack = (): void => {
    tensors = tensors.map((entry) => {
      const data = makeArray(layout, layout.kvHeads * length * layout.headSize);
      const old = { data: rawNumbers(entry.tensor), capacity: held, slots: length };
      moveSlots(layout, old, { data, capacity: length });
      return { ...entry, tensor: makeTensor(layout, data, length) };
    });
    held = length;
  };
  return {
    get length() {
      return length;
    },
    get shown() {
      return length;
    },
    reserve: () => undefined,
    expect: () => undefined,
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
