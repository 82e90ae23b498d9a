// Owns the decision curves of one trace: what the model would answer if it had to after each step, with the prompt kept and swapped.
// Must not know how it is evaluated or drawn.
import type { PromptEditSpec } from './condition';
import type { Example, Message } from './example';

export type TraceCurveSpec = {
  /** A model folder, or `bundled`. */
  readonly model: string;
  readonly example: Example;
  /** The answers to choose between; at least two, the recorded one among them. */
  readonly options: readonly string[];
  /** The edit of the second curve; `null`: there is only one. */
  readonly swap: PromptEditSpec | null;
  /** The example as a person changed it, by hand; left out: as recorded. */
  readonly edited?: EditedTurn;
  /** Cuts before this UTF-16 offset of the (edited) reasoning are left out; that of the whole trace never is. */
  readonly from: number;
};

export type EditedTurn = { readonly messages: readonly Message[]; readonly reasoning: string };

export type CurvePrompt = 'kept' | 'swapped';

/** The exact forced answer after so many steps of the trace. */
export type TraceCurvePoint = {
  readonly prompt: CurvePrompt;
  /** Steps that are kept: from 0 to all of them. */
  readonly steps: number;
  /** UTF-16 offset in the reasoning up to which it is kept; k of its n tokens. */
  readonly offset: number;
  readonly k: number;
  readonly n: number;
  /** Of each option's full string, in the order of the spec's options. They need not add up to 1. */
  readonly probabilities: readonly number[];
};

export type TraceCurveSummary = {
  readonly steps: number;
  /** Cuts that were left out because they do not fit the model's context of so many tokens. */
  readonly tooLong: number;
  readonly contextTokens: number;
  readonly model: string;
  /** Whether the prompt edit changed anything. */
  readonly swapTouches: boolean;
  readonly tokensEvaluated: number;
  readonly tokensAsked: number;
};

/** The option of the greatest probability; `-1` for none. */
export function bestOption(probabilities: readonly number[]): number {
  return probabilities.reduce((best, value, i) => (value > (probabilities[best] ?? -1) ? i : best), -1);
}

/**
 * Where the decision falls: the fewest steps after which the most probable answer is that of the whole trace and stays it at every later
 * cut. 0: the prompt alone decides. `null` when the cut of the whole trace is not among the points.
 * @param points of one prompt, in any order
 */
export function decidedAfter(points: readonly TraceCurvePoint[], steps: number): number | null {
  const ordered = [...points].sort((a, b) => a.steps - b.steps);
  const last = ordered.at(-1);
  if (last?.steps !== steps) return null;
  const final = bestOption(last.probabilities);
  let first = ordered.length - 1;
  while (first > 0 && bestOption(ordered[first - 1]?.probabilities ?? []) === final) first -= 1;
  return ordered[first]?.steps ?? null;
}
