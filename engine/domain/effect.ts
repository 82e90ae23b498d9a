// Owns what the panel, the report and the command line show: estimates with their counts, intervals, baselines and caveats.
// Must not know how they are computed (engine/measure) or drawn (engine/report, webview).
import type { Close, Condition, PromptEditSpec, ReadoutKind } from './condition';
import type { ConditionId, ExampleId, RunId } from './ids';
import type { Caveat, CaveatId, RunManifest, Traffic } from './run';

export type Interval = readonly [low: number, high: number];

/** A rate with all that a reader needs beside it. `rate` and `interval` are `null` when nothing readable was counted. */
export type Rate = {
  readonly n: number;
  readonly rate: number | null;
  readonly interval: Interval | null;
  readonly method: string;
};

/** Exact McNemar (one sample per example) or a paired permutation test of per-example shares (several). */
export type PairedComparison = {
  /** Examples that are readable on both sides. */
  readonly pairs: number;
  /** Examples kept more often under the control than here, and the reverse. */
  readonly onlyControlKept: number;
  readonly onlyThisKept: number;
  /** Two-sided. */
  readonly p: number;
  /** Holm-adjusted over the `tests` comparisons of this run. */
  readonly adjustedP: number;
  /** Benjamini-Hochberg over the same tests: for looking through many conditions, where some false alarms are tolerable. */
  readonly falseDiscoveryP: number;
  readonly tests: number;
  readonly method: string;
};

/** How much more answers differ across two arms than within each: the mean over examples of half the sum over answers of (p - q)². */
export type ExcessFlips = {
  /** Unbiased, so it can be below 0 when there is nothing to find. */
  readonly squared: number;
  /** Mean over examples of |p - q|, half the sum over answers; biased upwards by sampling. */
  readonly absolute: number;
  readonly n: number;
  /** Of `squared`, resampling whole examples; `null` below ten examples, or where all are alike. */
  readonly interval: Interval | null;
};

/** Kept rate of the examples that have (or lack) a caveat: whether the number rests on them. */
export type Stratum = { readonly caveat: CaveatId; readonly has: boolean; readonly rate: Rate };

export type ConditionEffect = {
  readonly condition: Condition;
  /** Examples: kept + flipped + unreadable. With several samples per example, kept and flipped are sums of per-example shares. */
  readonly n: number;
  readonly kept: number;
  readonly flipped: number;
  readonly unreadable: number;
  /** kept / (kept + flipped), with its interval. */
  readonly keptRate: Rate;
  /** keptRate if every unreadable outcome had flipped, and if every one had been kept. */
  readonly bounds: Interval | null;
  /** The same trace edit, unswapped; `null` for a condition that is its own control. */
  readonly control: Rate | null;
  /** Disagreement when the same condition is drawn again. */
  readonly noise: Rate | null;
  /** Test against the control on the same examples; `null` while the run streams or without control. */
  readonly paired: PairedComparison | null;
  /** Unbiased squared distance to the control's answers; `null` while the run streams, without control or with one sample. */
  readonly excess: ExcessFlips | null;
  /** Open edits: share of samples in which the model went on reasoning. */
  readonly wentOn: Rate | null;
  /** The kept rate with and without a caveat, where some examples have it and some do not. */
  readonly strata: readonly Stratum[];
  readonly caveats: readonly Caveat[];
};

/** One cut of a dose-response curve. */
export type CurvePoint = {
  /** Share of the reasoning's tokens that stays, 0 to 1. */
  readonly keep: number;
  readonly condition: ConditionId;
  /** Kept rate with its pointwise interval. */
  readonly rate: Rate;
  /** Holds over all cuts of the curve at once; never inside the pointwise interval. `null` when nothing was readable. */
  readonly band: Interval | null;
};

/** What is left of the prompt's direct effect at a cut: kept rate with the prompt left alone, less that with it edited. */
export type GapPoint = {
  readonly keep: number;
  /** Examples that are readable on both sides. `rate` is the difference, from -1 to 1. */
  readonly gap: Rate;
};

/** Kept rate against how much of the reasoning stays, for one way to close the trace and one prompt. */
export type DoseCurve = {
  readonly close: Close;
  readonly readout: ReadoutKind;
  readonly promptEdit: PromptEditSpec;
  /** By rising `keep`; at least three. */
  readonly points: readonly CurvePoint[];
  /** Mean of 1 - kept rate over the cuts' range (trapezoid). 0: the answer never depends on the reasoning that is cut away. */
  readonly area: Rate;
  /** The smallest `keep` from which on the kept rate is never below `threshold`; `null` when there is none. */
  readonly decided: { readonly threshold: number; readonly keep: number | null };
  /** Against the curve of the same trace edits with the prompt left alone, where both have the cut; empty for that curve itself. */
  readonly gaps: readonly GapPoint[];
};

/** One number of a measure. */
export type MeasureRow = {
  /** Of what: all examples, a class of traces, a sentence's place, a condition. */
  readonly label: string;
  /** `rate` is the number, which need not lie between 0 and 1; `null` with a `note` that says why. */
  readonly value: Rate;
  readonly unit: 'share' | 'number' | 'nats';
  /** Why there is no number, or what it rests on. */
  readonly note: string | null;
};

/** A measure of the literature as this run gives it; `id` names its page. */
export type MeasureResult = { readonly id: string; readonly title: string; readonly rows: readonly MeasureRow[] };

export type RunStatus = 'running' | 'completed' | 'cancelled' | 'failed' | 'interrupted';

export type RunSummary = {
  readonly run: RunId;
  readonly status: RunStatus;
  readonly message: string | null;
  readonly manifest: RunManifest;
  readonly done: number;
  readonly planned: number;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  readonly replication: Rate & { readonly kept: number };
  /** Natural-log probability per token that the running model gives the recorded reasoning, mean over examples; `null` where not scored. */
  readonly traceLogProb: Rate | null;
  readonly effects: readonly ConditionEffect[];
  /** Of conditions that keep three fractions or more of the reasoning and are otherwise alike; closed before open, unedited prompts first. */
  readonly curves: readonly DoseCurve[];
  /** Those measures that this run has the conditions for. */
  readonly measures: readonly MeasureResult[];
  readonly caveats: readonly Caveat[];
  /** Tokens evaluated over tokens asked for: what re-use of shared prefixes saved. */
  readonly reuse: { readonly evaluated: number; readonly asked: number };
  /** Left out: no server was asked. */
  readonly traffic?: Traffic;
};

/** One example under one condition, as lists show it. */
export type OutcomeRow = {
  readonly example: ExampleId;
  readonly ordinal: number;
  readonly title: string;
  readonly condition: ConditionId;
  readonly recorded: string;
  /** Outcome of each sample; `null` is unreadable. */
  readonly outcomes: readonly (string | null)[];
  readonly flippedShare: number | null;
  /** Forced: probability of the recorded answer. */
  readonly recordedProbability: number | null;
  /** By how much less probable the recorded answer is than under the control, from -1 to 1; `null`: something could not be read. */
  readonly drop: number | null;
  readonly labels: readonly string[];
};
