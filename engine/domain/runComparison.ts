// Owns what the comparison of two runs says: per condition that both have, both kept rates and their difference on the examples they share.
// Must not know how runs are found or drawn.
import type { PairedComparison, Rate } from './effect';
import type { RunId } from './ids';

/** One side: which run, of what. */
export type ComparedRun = {
  readonly run: RunId;
  readonly startedAt: string;
  readonly model: string;
  readonly files: readonly string[];
  readonly status: string;
};

export type ConditionDifference = {
  readonly alias: string;
  /** Kept rates of all examples of each run. */
  readonly first: Rate;
  readonly second: Rate;
  /** Examples that both runs have under this condition; 0: the runs are compared as two separate groups. */
  readonly matched: number;
  /** First less second: on the matched examples if there are any. `rate` from -1 to 1. */
  readonly difference: Rate;
  /** Of the matched examples: how many answered otherwise (with several samples: whose most frequent answer differs). */
  readonly changed: number;
  /** `onlyControlKept`: kept in the first run alone. `null` while a run streams, and where no test exists. */
  readonly paired: PairedComparison | null;
};

export type RunComparison = {
  readonly first: ComparedRun;
  readonly second: ComparedRun;
  /** What was asked for or used otherwise, in words: `model: a → b`. */
  readonly differs: readonly string[];
  readonly conditions: readonly ConditionDifference[];
  /** Aliases that only one of the runs has. */
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
};
