// Owns the interface of everything that can generate and score: the local engine, servers. One job is one example; backends never schedule.
// Must not know conditions, formats or how outcomes are read.
import type { Job, LeafEvent } from '../domain/job';
import type { ModelRecord } from '../domain/run';

export type { Job, Leaf, LeafEvent, LeafReadout, OptionIds } from '../domain/job';

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
