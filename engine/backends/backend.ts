// Owns the interface of everything that can generate and score: the local engine, servers. One job is one example; backends never schedule.
// Must not know conditions, formats or how outcomes are read.
import type { ModelRecord, SamplingSpec } from '../domain/run';

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
};

export type Job = {
  /** Ids that every leaf begins with; may be empty. */
  readonly prompt: readonly number[];
  readonly leaves: readonly Leaf[];
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
      readonly minMargin: number;
    }
  | { readonly type: 'scored'; readonly leaf: string; readonly logProbs: readonly number[]; readonly minMargin: number }
  /** Last event of a job: what re-use of prefixes saved. */
  | { readonly type: 'spent'; readonly tokensEvaluated: number; readonly tokensAsked: number };

export type BackendCapabilities = {
  readonly forced: boolean;
  readonly contextTokens: number;
  /** Same text for the same job, whatever else runs. */
  readonly exact: boolean;
};

export type Backend = {
  readonly model: ModelRecord;
  readonly capabilities: BackendCapabilities;
  readonly maxInFlight: number;
  /** @throws UserError for a sequence longer than the context; CancelledError when the signal fires (between tokens). */
  readonly run: (job: Job, signal: AbortSignal) => AsyncIterable<LeafEvent>;
  readonly dispose: () => Promise<void>;
};
