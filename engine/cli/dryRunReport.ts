// Owns `counterthought run --dry-run`: what would be asked of a server, and what it would cost at the prices that a person gives.
import type { RunSpec } from '../domain/run';
import { type DryRun, dryRun } from '../service/dryRun';
import { type Command, type CommandInput, print, printJson, text, UsageError, type Values } from './command';

export const dryRunOptions = {
  'dry-run': { type: 'boolean', help: 'send nothing: say how many requests and tokens a run on --server would take' },
  'price-in': { type: 'string', value: 'P', help: 'with --dry-run: price of a million prompt tokens' },
  'price-out': { type: 'string', value: 'P', help: 'with --dry-run: price of a million written tokens' },
} satisfies Command['options'];

export async function printDryRun(spec: RunSpec, { values, signal }: CommandInput): Promise<0 | 1> {
  const [priceIn, priceOut] = [price(values, 'price-in'), price(values, 'price-out')];
  const counted = await dryRun(spec, signal);
  const mostPrice = priceIn === null && priceOut === null ? null : costAt(counted, priceIn ?? 0, priceOut ?? 0);
  if (values.json === true) printJson({ ...counted, mostPrice });
  else for (const line of linesOf(counted, mostPrice)) print(line);
  return counted.examples > 0 ? 0 : 1;
}

function price(values: Values, name: string): number | null {
  const value = text(values, name);
  if (value === undefined) return null;
  const number = Number(value);
  if (!(number >= 0 && Number.isFinite(number)))
    throw new UsageError(`--${name} takes a price from 0, not "${value}".`);
  return number;
}

const costAt = ({ promptTokens, mostWritten }: DryRun, priceIn: number, priceOut: number): number =>
  (promptTokens * priceIn + mostWritten * priceOut) / 1e6;

const grouped = (count: number): string => count.toLocaleString('en-US');

function linesOf(counted: DryRun, mostPrice: number | null): readonly string[] {
  const { examples, skipped, conditions, requests, promptTokens, mostWritten } = counted;
  const left = skipped === 0 ? '' : ` (${grouped(skipped)} cannot be used)`;
  return [
    `${grouped(examples)} examples${left} × ${conditions} conditions: ${grouped(requests)} requests`,
    `${grouped(promptTokens)} prompt tokens, most of them shared prefixes that a prefix cache saves`,
    `at most ${grouped(mostWritten)} written tokens`,
    ...(mostPrice === null ? [] : [`at most ${mostPrice.toFixed(2)} at these prices, if nothing is found in a cache`]),
    'Retries, and tokens that a server does not tell and must be asked for one by one, come on top.',
  ];
}
