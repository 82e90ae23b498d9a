// Owns the flip rate of examples that were chosen because they flip: chosen by one half of their draws, scored by the other.
import type { Condition } from '../../domain/condition';
import { isSwapped } from '../../domain/condition';
import type { MeasureRow } from '../../domain/effect';
import { type ExampleOutcomes, readable } from '../exampleOutcomes';
import { clusterRate } from '../rates';
import { type Metric, type MetricInput, meanRate, row } from './metric';

/** Two sets of draws that share none, of one example. */
type Halves = readonly [first: readonly string[], second: readonly string[]];

/** An example counts as flipped when at least this share of the draws that choose it is another answer. */
const chosenFrom = 0.5;

export const crossFittedFlips: Metric = {
  id: 'cross-fitted-flips',
  title: 'Flip rate of the flipped (cross-fitted)',
  about:
    'How often examples that flip do so when they are drawn again: what is left of an effect when its best examples are picked.',
  formula:
    'examples chosen by at least half of one half of their draws flipping, scored by the flip share of the other half; both ways round, mean over all choices',
  source:
    'The rule of the cross-fit release of arXiv 2512.18311: choosing and scoring by the same draws selects noise. The naive value stands beside it.',
  pitfalls: [
    'The naive value is biased upward by the choice; the difference between the two is how much.',
    'With few samples a half is one or two draws, and an example is chosen by chance as often as by its effect.',
  ],
  advice: ['Quote this, not the flip size seen among examples that were picked by their flips. Needs --samples.'],
  measure: (input) => input.conditions.filter(isSwapped).flatMap((condition) => rowsOf(condition, input)),
};

function rowsOf(condition: Condition, { examples, bootstrap }: MetricInput): readonly MeasureRow[] {
  const found = examples.flatMap((example) => {
    const halves = halvesOf(example, condition);
    return halves ? [{ ...crossFit(halves, example.recorded), naive: naiveFlip(halves, example.recorded) }] : [];
  });
  // Pooled over choices, not averaged per example: an example chosen by both halves would count less and bias the mean downward.
  const scored = found.map(({ scores }) => ({ part: scores.reduce((sum, one) => sum + one, 0), whole: scores.length }));
  const chosen = scored.some(({ whole }) => whole > 0);
  const naive = found.flatMap(({ naive: one }) => (one === null ? [] : [one]));
  if (!chosen && naive.length === 0) return [];
  return [
    row(`${condition.alias}, cross-fitted`, clusterRate(scored, bootstrap), {
      note: chosen ? null : 'No example was chosen by one half of its draws.',
    }),
    row(`${condition.alias}, naive`, meanRate(naive, bootstrap)),
  ];
}

/** Even draws and odd ones; `null` where one of them has nothing readable. */
function halvesOf(example: ExampleOutcomes, condition: Condition): Halves | null {
  const done = example.byCondition.get(condition.id);
  const half = (odd: 0 | 1): readonly string[] =>
    readable(done?.outcomes.filter((_, index) => index % 2 === odd) ?? []);
  const [first, second] = [half(0), half(1)];
  return first.length > 0 && second.length > 0 ? [first, second] : null;
}

const flipShare = (draws: readonly string[], recorded: string): number =>
  draws.filter((draw) => draw !== recorded).length / draws.length;

/** Scores of an example by either half, where the other one chooses it. */
function crossFit([first, second]: Halves, recorded: string): { readonly scores: readonly number[] } {
  const [a, b] = [flipShare(first, recorded), flipShare(second, recorded)];
  return { scores: [...(a >= chosenFrom ? [b] : []), ...(b >= chosenFrom ? [a] : [])] };
}

function naiveFlip([first, second]: Halves, recorded: string): number | null {
  const share = flipShare([...first, ...second], recorded);
  return share >= chosenFrom ? share : null;
}
