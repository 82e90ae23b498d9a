// Owns what is asked of a model, in token ids: one job is one example, its leaves are its conditions; and what comes back.
// Must not know who evaluates it (engine/lm, engine/backends) or what the ids mean.
import type { Message } from './example';
import type { SamplingSpec } from './run';

/** A token sequence to score: the option's own ids as they follow the leaf's ids, and the text that they spell. */
export type OptionIds = { readonly option: string; readonly ids: readonly number[] };

export type LeafReadout =
  /** Natural-log probability of each option's full id sequence after the leaf. */
  | { readonly kind: 'forced'; readonly options: readonly OptionIds[] }
  | {
      readonly kind: 'continued';
      readonly maxTokens: number;
      /** Generation stops after text that contains one of these (kept in the text), besides the model's end tokens. */
      readonly stopTexts: readonly string[];
    };

export type Leaf = {
  readonly key: string;
  /** Ids after the job's prompt. */
  readonly ids: readonly number[];
  readonly readout: LeafReadout;
  readonly sampling: SamplingSpec;
  /** One entry a sample: the stream keys of the counter-based generator (see `engine/lm/philox`). */
  readonly streams: readonly string[];
  /** A guess at the continuation, verified and never trusted: it changes the cost, not the text. */
  readonly draft?: readonly number[];
  /** The same as a conversation and the beginning of its last turn, for servers that take no ids. */
  readonly chat?: { readonly messages: readonly Message[]; readonly prefix: string };
};

export type Job = {
  /** Ids that every leaf begins with; may be empty. */
  readonly prompt: readonly number[];
  readonly leaves: readonly Leaf[];
  /** A person waits for this one: it overtakes jobs that do not say so, also one that runs. */
  readonly urgent?: boolean;
};

export type LeafEvent =
  | { readonly type: 'text'; readonly leaf: string; readonly sample: number; readonly text: string }
  | {
      readonly type: 'continued';
      readonly leaf: string;
      readonly sample: number;
      readonly ids: readonly number[];
      /** Decoded without the end token. */
      readonly text: string;
      readonly finish: 'stop' | 'length';
      /** `null`: whoever wrote it does not tell. */
      readonly minMargin: number | null;
    }
  | { readonly type: 'scored'; readonly leaf: string; readonly logProbs: readonly number[]; readonly minMargin: number }
  /**
   * A forced readout whose probabilities are not known: a server chose among the options, or told only which one is ahead; `null`: it told
   * too little for either.
   */
  | { readonly type: 'chosen'; readonly leaf: string; readonly option: number | null }
  /** Last event of a job: what re-use of prefixes saved. */
  | { readonly type: 'spent'; readonly tokensEvaluated: number; readonly tokensAsked: number };
