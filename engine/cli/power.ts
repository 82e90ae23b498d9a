// Owns `counterthought power`: how many examples it takes to see one kept rate apart from another, before they are spent.
import { mcnemarSampleSize, type PowerOptions, sampleSizeForRates, unpairedSampleSize } from '../measure/sampleSize';
import { percent } from '../report/numbers';
import { type Command, fraction, print, printJson, text, UsageError, type Values } from './command';

export const power: Command = {
  name: 'power',
  usage: 'power --rates P,Q [OPTIONS]',
  about: 'Says how many examples it takes to see one kept rate apart from another.',
  options: {
    rates: { type: 'string', value: 'P,Q', help: 'the two kept rates, for example 0.85,0.75' },
    alpha: { type: 'string', value: 'A', help: 'chance of a false alarm (default 0.05)' },
    power: { type: 'string', value: 'B', help: 'chance to see the difference if it is there (default 0.8)' },
    json: { type: 'boolean', help: 'one JSON object' },
  },
  run: async ({ values }) => {
    const [first, second] = ratesOf(values);
    const options = { alpha: share(values, 'alpha', 0.05), power: share(values, 'power', 0.8) };
    const sizes = sizesFor(first, second, options);
    if (values.json === true) printJson({ rates: [first, second], ...options, ...sizes });
    else print(sentences(first, second, { ...options, ...sizes }));
    return 0;
  },
};

type Sizes = { readonly nested: number; readonly independent: number; readonly unpaired: number };

/** All are numbers, because rates that are alike were refused. */
function sizesFor(first: number, second: number, options: PowerOptions): Sizes {
  const [high, low] = [Math.max(first, second), Math.min(first, second)];
  return {
    nested: mcnemarSampleSize(high - low, 0, options) ?? 0,
    independent: sampleSizeForRates(high, low, options) ?? 0,
    unpaired: unpairedSampleSize(high, low, options) ?? 0,
  };
}

function ratesOf(values: Values): readonly [number, number] {
  const words = text(values, 'rates')?.split(',') ?? [];
  const rates = words.map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
  const [first, second] = rates;
  if (
    rates.length !== 2 ||
    first === undefined ||
    second === undefined ||
    !rates.every((one) => one >= 0 && one <= 1)
  ) {
    throw new UsageError('power needs two kept rates from 0 to 1: --rates 0.85,0.75.');
  }
  if (first === second)
    throw new UsageError('Two equal rates differ in no number of examples; give two different ones.');
  return [first, second];
}

function share(values: Values, name: string, otherwise: number): number {
  const value = fraction(values, name, 1) ?? otherwise;
  if (value === 0 || value === 1) throw new UsageError(`--${name} lies between 0 and 1, both left out.`);
  return value;
}

function sentences(first: number, second: number, found: Sizes & Required<PowerOptions>): string {
  const { nested, independent, unpaired, alpha, power: chance } = found;
  const [one, other] = [first, second].map((rate) => percent(rate, Number.isInteger(rate * 100) ? 0 : 1));
  return [
    `To see ${one} against ${other} with a chance of ${percent(chance, 0)} (two-sided, alpha ${alpha}) you need`,
    `  paired    ${nested} examples if every answer that differs flips the same way,`,
    `            ${independent} if the two conditions flip examples independently of each other;`,
    `  unpaired  ${unpaired} in each arm (${2 * unpaired} in all), if the arms shared no examples.`,
    'A run is paired: every example goes through every condition. With one sample per example, greedy or not.',
  ].join('\n');
}
