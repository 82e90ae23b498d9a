// Owns accuracy against the right answers that records name, which has to stand beside every measure of how much reasoning is used.
import type { Condition } from '../../domain/condition';
import { isSwapped } from '../../domain/condition';
import type { MeasureRow } from '../../domain/effect';
import type { ExampleOutcomes } from '../exampleOutcomes';
import { drawsUnder, shareOf } from './answers';
import { type Metric, type MetricInput, meanRate, row } from './metric';
import { isAnsweredAtOnce, isFree, isWhole } from './places';

export const accuracy: Metric = {
  id: 'accuracy',
  title: 'Accuracy',
  about: 'How often the answer is the right one, where the records say which that is.',
  formula: 'mean over labeled examples of the share of readable answers that equal the record’s right answer',
  source:
    'Asked for beside every early-answering measure by arXiv 2402.14897; read from record fields such as correct, target, label and gold.',
  pitfalls: [
    'Only with the prompt left alone: an edited prompt may have another right answer.',
    'Unreadable answers are left out of it; see the counts of the condition.',
  ],
  advice: ['A model that is right without its reasoning has little use for it: read the AOC in that light.'],
  measure: (input) => {
    const labeled = input.examples.filter(({ labels }) => labels?.correct !== undefined);
    if (labeled.length === 0) return [];
    const recorded = labeled.map((example) => (example.recorded === example.labels?.correct ? 1 : 0));
    const conditions = input.conditions.filter(
      (one) => !isSwapped(one) && (isWhole(one) || isAnsweredAtOnce(one) || isFree(one)),
    );
    return [
      row('recorded answer', meanRate(recorded, input.bootstrap)),
      ...conditions.flatMap((condition) => accuracyRow(condition, labeled, input)),
    ];
  },
};

function accuracyRow(
  condition: Condition,
  labeled: readonly ExampleOutcomes[],
  { bootstrap }: MetricInput,
): readonly MeasureRow[] {
  const shares = labeled.flatMap((example) => {
    const share = shareOf(drawsUnder(example, condition.id), example.labels?.correct ?? '');
    return share === null ? [] : [share];
  });
  return shares.length === 0 ? [] : [row(condition.alias, meanRate(shares, bootstrap))];
}
