// Owns what is asked and shown of single examples of a run: the filter of a list, and everything that a diff shows.
// Must not know where it is read from or how it is drawn.
import type { ConditionEffect } from './effect';
import type { Example } from './example';
import type { ConditionId, ExampleId } from './ids';
import type { CutRecord, SampleResult } from './run';

/** One of the things by which a run's examples can be grouped. */
export type GroupChoice = { readonly id: string; readonly title: string };

/** The examples of one group. */
export type GroupFilter = { readonly by: string; readonly value: string };

export type RunGroup = {
  readonly value: string;
  readonly examples: number;
  /** In the order of the run's conditions; without tests. */
  readonly effects: readonly ConditionEffect[];
};

export type RunGroups = {
  /** What has more than one value in this run. */
  readonly choices: readonly GroupChoice[];
  /** The largest first; empty where nothing was chosen. */
  readonly groups: readonly RunGroup[];
  /** How many smaller groups are not among them. */
  readonly left: number;
};

/**
 * In what order examples are listed and flips are gone through. `drop`: by how much less probable the recorded answer became than under the
 * control.
 */
export const outcomeOrders = ['ordinal', 'drop', 'recordedProbability'] as const;
export type OutcomeOrder = (typeof outcomeOrders)[number];

/** One page of a run's examples. */
export type RowFilter = {
  readonly condition?: ConditionId;
  readonly show?: 'all' | 'flipped' | 'kept' | 'unreadable';
  readonly label?: string;
  readonly group?: GroupFilter;
  readonly sort?: OutcomeOrder;
  readonly offset: number;
  /** At most 200. */
  readonly limit: number;
};

/** Everything that the diff of one example under one condition shows. */
export type Comparison = {
  readonly example: Example;
  /** Of the example in its run, from 0, and its title in lists. */
  readonly ordinal: number;
  readonly title: string;
  /** Its place (`null`: it did not flip) and its neighbors among the examples that flipped under this condition, in the order asked for. */
  readonly flips: {
    readonly index: number | null;
    readonly count: number;
    readonly previous: ExampleId | null;
    readonly next: ExampleId | null;
  };
  readonly cut: CutRecord;
  readonly recorded: string;
  readonly results: readonly SampleResult[];
  /** The same example under the other conditions, for tabs. */
  readonly siblings: readonly {
    readonly condition: ConditionId;
    readonly alias: string;
    readonly outcome: string | null;
  }[];
  /** Probabilities of the unswapped control, when forced. */
  readonly controlProbabilities: readonly number[] | null;
  readonly promptReplacements: readonly {
    readonly message: number;
    readonly start: number;
    readonly end: number;
    readonly was: string;
    readonly is: string;
  }[];
  /** The prompt as it was sent, when edited. */
  readonly editedMessages: readonly { readonly role: string; readonly content: string }[];
};
