// Owns what the statistics of a run are computed from: plain data per example and condition. Must not know logs or files:
// the service folds a run's events into this.
import type { Condition } from '../domain/condition';
import type { RecordLabels } from '../domain/example';
import type { ConditionId, ExampleId } from '../domain/ids';
import type { CaveatId } from '../domain/run';

/** What one example did under one condition. */
export type ConditionOutcomes = {
  /** The option of each sample; `null` is unreadable. */
  readonly outcomes: readonly (string | null)[];
  /** The same condition drawn again for the noise floor; empty where it was not. */
  readonly redraws: readonly (string | null)[];
  /** Open edits: whether each sample went on reasoning. */
  readonly wentOn: readonly boolean[];
  /** Reasons for care that were seen before the model ran. */
  readonly caveats: readonly CaveatId[];
  /** Forced: probability of everything that is none of the options. */
  readonly outside: number | null;
  /** How many samples ended at the token limit. */
  readonly finishLength: number;
  /** Smallest gap in logits between the best two tokens, over all samples. */
  readonly minMargin: number | null;
  /** Forced: exact probability of each option, in the run's order. */
  readonly probabilities?: readonly number[] | null;
  /** Cut after a step: how alike each sample's first new step is to the step that stood there, 0 to 1; `null` where there is none. */
  readonly similarities?: readonly (number | null)[];
  /** Edited prompt: whether each sample's text names a value of the edit. */
  readonly namesEdit?: readonly boolean[];
};

export type ExampleOutcomes = {
  readonly example: ExampleId;
  /** The recorded answer. */
  readonly recorded: string;
  /** Sentences or lines of its reasoning. */
  readonly steps?: number;
  readonly labels?: RecordLabels;
  /** By canonical JSON of a prompt edit: the value of its attribute that the record's prompt names. */
  readonly levels?: Readonly<Record<string, string>>;
  /** Conditions that could not be made of this example. */
  readonly omitted?: ReadonlySet<string>;
  /** Conditions that this example was not (yet) run under are absent and do not count. */
  readonly byCondition: ReadonlyMap<ConditionId, ConditionOutcomes>;
};

/** One example of one condition, with what it is compared to. */
export type Draws = ConditionOutcomes & Pick<ExampleOutcomes, 'example' | 'recorded'>;

/** What the examples did under a condition; those that were not run under it are absent. */
export function drawsOf(condition: Condition, examples: readonly ExampleOutcomes[]): readonly Draws[] {
  return examples.flatMap(({ example, recorded, byCondition }) => {
    const found = byCondition.get(condition.id);
    return found && found.outcomes.length > 0 ? [{ ...found, example, recorded }] : [];
  });
}

/** Whether the example has at most one sample, so that it counts as a plain yes or no. */
export const isSingle = (draws: readonly Draws[]): boolean => draws.every(({ outcomes }) => outcomes.length <= 1);

export const readable = (outcomes: readonly (string | null)[]): readonly string[] =>
  outcomes.filter((outcome) => outcome !== null);

/** Share of an example's readable samples that keep the recorded answer; `null` when none is readable. */
export function keptShare({ outcomes, recorded }: Draws): number | null {
  const options = readable(outcomes);
  if (options.length === 0) return null;
  return options.filter((option) => option === recorded).length / options.length;
}
