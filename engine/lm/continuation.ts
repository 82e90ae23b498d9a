// Owns one continuation while it is being written: its ids, its text, and when it ends.
// Must not know how logits come about or which other continuations there are.
import type { Leaf } from '../domain/job';
import type { OutputText } from '../text/outputText';
import { uniform } from './philox';
import { drawToken } from './sampler';

export type Continuation = {
  readonly leaf: Leaf;
  readonly sample: number;
  readonly maxTokens: number;
  readonly ids: readonly number[];
  readonly finish: 'stop' | 'length' | null;
  readonly minMargin: number;
  readonly text: string;
  /** The token that follows `ids`, drawn from its logits; returns the text that became complete by it. */
  readonly draw: (logits: Float32Array) => { readonly id: number; readonly text: string };
};

export type ContinuationSpec = {
  readonly leaf: Leaf;
  readonly sample: number;
  readonly maxTokens: number;
  readonly stopTexts: readonly string[];
};

export function startContinuation(spec: ContinuationSpec, output: OutputText): Continuation {
  const { leaf, sample, maxTokens, stopTexts } = spec;
  const streamKey = leaf.streams[sample]!;
  const endIds = new Set(output.endIds);
  const decoder = output.stream();
  const ids: number[] = [];
  let finish: Continuation['finish'] = null;
  let minMargin = Number.POSITIVE_INFINITY;
  let text = '';
  const write = (piece: string): string => {
    const before = text.length;
    text += piece;
    const stops = stopTexts.some((stop) => text.indexOf(stop, Math.max(0, before - stop.length + 1)) >= 0);
    if (stops) finish = 'stop';
    return piece;
  };
  const draw = (logits: Float32Array): { id: number; text: string } => {
    const { id, margin } = drawToken(logits, leaf.sampling, uniform(streamKey, ids.length));
    ids.push(id);
    minMargin = Math.min(minMargin, margin);
    if (endIds.has(id)) {
      finish = 'stop';
      return { id, text: write(decoder.end()) };
    }
    let piece = write(decoder.push(id));
    if (finish === null && ids.length >= maxTokens) finish = 'length';
    if (finish !== null) piece += write(decoder.end());
    return { id, text: piece };
  };
  return {
    leaf,
    sample,
    maxTokens,
    ids,
    get finish() {
      return finish;
    },
    get minMargin() {
      return minMargin;
    },
    get text() {
      return text;
    },
    draw,
  };
}
