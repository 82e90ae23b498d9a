// Owns the interface of everything that can generate and score: the local engine, servers. One job is one example; backends never schedule.
// Must not know conditions, formats or how outcomes are read.
import { UserError } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import type { ModelRecord, Traffic } from '../domain/run';

export type { Job, Leaf, LeafEvent, LeafReadout, OptionIds } from '../domain/job';

export type BackendCapabilities = {
  readonly forced: boolean;
  readonly contextTokens: number;
  /** Same text for the same job, whatever else runs. */
  readonly exact: boolean;
  /** Leaves must come with their conversation (`Leaf.chat`). */
  readonly needsChat?: boolean;
};

/** A job that this backend cannot run although others of the same run can be: the example is skipped with the reason. */
export class JobRefusedError extends UserError {}

export type Backend = {
  readonly model: ModelRecord;
  readonly capabilities: BackendCapabilities;
  readonly maxInFlight: number;
  /** @throws UserError, JobRefusedError for one job alone; CancelledError when the signal fires (between tokens). */
  readonly run: (job: Job, signal: AbortSignal) => AsyncIterable<LeafEvent>;
  /** What was asked of servers so far; left out: the model runs here. */
  readonly traffic?: () => Traffic;
  /** Fires when it can never run a job again; left out: it reopens what ended. */
  readonly ended?: AbortSignal;
  readonly dispose: () => Promise<void>;
};
