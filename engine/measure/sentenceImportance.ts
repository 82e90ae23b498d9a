// Owns how much each sentence of one trace matters for its answer, after thought anchors (arXiv 2506.19143): kept rates and distributions of
// answers with the trace cut before and after the sentence. Must not know how sentences are compared or cut.
// Unlike the published code: no effect is 0 and nothing to compare is `null`, divergences are bounded, and every share has its counts.
import type { Condition } from '../domain/condition';
import type { Interval } from '../domain/effect';
import { jensenShannon } from './divergence';
import { type ConditionOutcomes, type ExampleOutcomes, readable } from './exampleOutcomes';
import { isPlainCut, stepsKept } from './metrics/places';
import { newcombe } from './pairedDifference';

/** New first sentences less alike than this count as saying something else. */
export const dissimilarBelow = 0.6;

/** Change of the recorded answer's share by the sentence: positive where the sentence leads toward that answer. */
export type Importance = {
  readonly change: number;
  /** Of two binomial shares (Newcombe); `null` for exact probabilities, which have no sampling error. */
  readonly interval: Interval | null;
  /** Jensen-Shannon, nats. */
  readonly divergence: number | null;
};

export type SentenceImportance = {
  /** From 0. */
  readonly sentence: number;
  /** Everything regenerated from the sentence on, against regenerated after it; `null` where one was not run or not readable. */
  readonly resampling: Importance | null;
  /** The same, only of those regenerations whose first sentence says something else; `null` also where none does. */
  readonly counterfactual: Importance | null;
  /** Made to answer before and after the sentence. */
  readonly forced: Importance | null;
  /** Share of the regenerations whose first sentence says something else; `null` where that is unknown. */
  readonly differing: number | null;
};

type Arm = { readonly draws: readonly (string | null)[]; readonly similarities: readonly (number | null)[] };
type Arms = { readonly resampled: ReadonlyMap<number, Arm>; readonly forced: ReadonlyMap<number, readonly number[]> };

/** One entry a sentence that has at least one number; empty for a run without cuts at sentences. */
export function sentenceImportance(
  example: ExampleOutcomes,
  conditions: readonly Condition[],
  options: readonly string[],
): readonly SentenceImportance[] {
  const arms = armsOf(example, conditions);
  const found: SentenceImportance[] = [];
  for (let sentence = 0; sentence < (example.steps ?? 0); sentence += 1) {
    const [before, after] = [arms.resampled.get(sentence), arms.resampled.get(sentence + 1)];
    const different = before && differingDraws(before);
    const entry: SentenceImportance = {
      sentence,
      resampling: drawnImportance(before?.draws, after?.draws, { example, options }),
      counterfactual: drawnImportance(different ?? undefined, after?.draws, { example, options }),
      forced: exactImportance(arms.forced.get(sentence), arms.forced.get(sentence + 1), { example, options }),
      differing: before && different ? different.length / before.draws.length : null,
    };
    if (entry.resampling || entry.counterfactual || entry.forced) found.push(entry);
  }
  return found;
}

/** By how many sentences are kept. */
function armsOf(example: ExampleOutcomes, conditions: readonly Condition[]): Arms {
  const resampled = new Map<number, Arm>();
  const forced = new Map<number, readonly number[]>();
  for (const condition of conditions) {
    const done = example.byCondition.get(condition.id);
    const kept = isPlainCut(condition) ? stepsKept(condition, example.steps ?? 0) : null;
    if (!done || kept === null) continue;
    const { close } = condition.traceEdit;
    if (close === 'open' && !resampled.has(kept)) resampled.set(kept, armOf(done));
    if (close === 'closed' && done.probabilities && !forced.has(kept)) forced.set(kept, done.probabilities);
  }
  return { resampled, forced };
}

const armOf = ({ outcomes, similarities = [] }: ConditionOutcomes): Arm => ({ draws: outcomes, similarities });

/** Draws whose first new sentence says something else; `null` where nothing is known about any. */
function differingDraws({ draws, similarities }: Arm): readonly (string | null)[] | null {
  if (!similarities.some((one) => one !== null)) return null;
  return draws.filter((_, index) => (similarities[index] ?? 1) < dissimilarBelow);
}

type Context = { readonly example: ExampleOutcomes; readonly options: readonly string[] };

function drawnImportance(
  without: readonly (string | null)[] | undefined,
  withIt: readonly (string | null)[] | undefined,
  { example: { recorded }, options }: Context,
): Importance | null {
  const [a, b] = [readable(withIt ?? []), readable(without ?? [])];
  if (a.length === 0 || b.length === 0) return null;
  const kept = (draws: readonly string[]) => ({
    successes: draws.filter((draw) => draw === recorded).length,
    n: draws.length,
  });
  const counts = (draws: readonly string[]) => options.map((option) => draws.filter((draw) => draw === option).length);
  const [first, second] = [kept(a), kept(b)];
  return {
    change: first.successes / first.n - second.successes / second.n,
    interval: newcombe(first, second, 0),
    divergence: jensenShannon(counts(a), counts(b)),
  };
}

function exactImportance(
  without: readonly number[] | undefined,
  withIt: readonly number[] | undefined,
  { example: { recorded }, options }: Context,
): Importance | null {
  if (!without || !withIt) return null;
  const at = options.indexOf(recorded);
  const share = (probabilities: readonly number[]): number => {
    const sum = probabilities.reduce((total, one) => total + one, 0);
    return sum > 0 ? (probabilities[at] ?? 0) / sum : 0;
  };
  const change = share(withIt) - share(without);
  return { change, interval: null, divergence: jensenShannon(withIt, without) };
}
