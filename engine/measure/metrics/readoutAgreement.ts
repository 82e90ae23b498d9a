// Owns how far the two readouts of one condition agree: the option that scores best, and the answer that the continued text gives.
import { type Condition, canonicalCondition } from '../../domain/condition';
import type { MeasureRow } from '../../domain/effect';
import { drawsUnder, mostFrequent } from './answers';
import { type Metric, type MetricInput, meanRate, row } from './metric';

export const readoutAgreement: Metric = {
  id: 'readout-agreement',
  title: 'Agreement of the readouts',
  about: 'Where a closed trace is read both ways, how often the best-scored option is also what the model writes.',
  formula: 'share of examples whose forced outcome equals the most frequent readable continued one, of those with both',
  source: 'Counterthought’s own: two ways to read one condition should differ by sampling alone.',
  pitfalls: [
    'Greedy text follows the first token of the answer, scores the whole option: options that begin alike can differ.',
    'Where the model would rather say something else (outside-options), the forced readout still chooses.',
  ],
  advice: ['Made by /both behind a closed condition, or --conditions readouts. Look at the examples that disagree.'],
  measure: (input) =>
    input.conditions.flatMap((forced) => {
      if (forced.readout !== 'forced') return [];
      const key = canonicalCondition({ ...forced, readout: 'continued' });
      const continued = input.conditions.find((one) => canonicalCondition(one) === key);
      return continued ? agreementRows(forced, continued, input) : [];
    }),
};

function agreementRows(forced: Condition, continued: Condition, input: MetricInput): readonly MeasureRow[] {
  const pairs = input.examples.flatMap((example) => {
    const [scored, written] = [forced, continued].map(({ id }) => mostFrequent(drawsUnder(example, id)));
    return scored == null || written == null ? [] : [{ scored, written }];
  });
  const differing = new Map<string, number>();
  for (const { scored, written } of pairs) {
    const how = `${scored} scored, ${written} written`;
    if (scored !== written) differing.set(how, (differing.get(how) ?? 0) + 1);
  }
  const unread = input.examples.filter(({ byCondition }) => byCondition.has(continued.id)).length - pairs.length;
  const counts = [...differing].map(([how, count]) => `${how}: ${count}`);
  const notes = [...counts, ...(unread > 0 ? [`${unread} could not be read in the text`] : [])];
  const shares = pairs.map(({ scored, written }) => (scored === written ? 1 : 0));
  return [row(forced.alias, meanRate(shares, input.bootstrap), { note: notes.length > 0 ? notes.join('; ') : null })];
}
