// Owns what annotators ask of a run: what is left to look at, and how far they agree. Must not know files or statistics.
import type { Interval } from './effect';
import type { ConditionId, ExampleId, RunId } from './ids';

/** `unlabeled`: by this author. `disagreements`: labeled differently by two or more. `random`: a sample by the seed. */
export const reviewKinds = ['unlabeled', 'disagreements', 'random'] as const;
export type ReviewKind = (typeof reviewKinds)[number];

export type ReviewAsk = {
  readonly condition: ConditionId;
  readonly kind: ReviewKind;
  readonly author: string;
  readonly seed: number;
  /** At most so many examples. */
  readonly size: number;
};

export type ReviewTarget = { readonly run: RunId; readonly condition: ConditionId; readonly example: ExampleId };

/** Two annotators on the targets that both labeled. */
export type AnnotatorAgreement = {
  readonly first: string;
  readonly second: string;
  readonly n: number;
  /** Share of targets with the same label. */
  readonly raw: number | null;
  /** Cohen's kappa; `null` where chance alone would always agree. */
  readonly kappa: number | null;
  readonly interval: Interval | null;
};
