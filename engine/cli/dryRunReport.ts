// Owns `counterthought run --dry-run`: how many tokens a run would take, how long it would take here, or what it would cost on a server at the
// prices that a person gives.
import type { RunSpec } from '../domain/run';
import { Backends } from '../service/backends';
import { type DryRun, dryRun, dryRunHere, type LocalDryRun } from '../service/dryRun';
import { type Command, type CommandInput, print, printJson, text, UsageError, type Values } from './command';
import { timeText } from './progress';
import { openOptions } from './serverOptions';

export const dryRunOptions = {
  'dry-run': {
    type: 'boolean',
    help: 'run nothing: say how many requests and tokens a run would take, and about how long; a server is asked nothing',
  },
  'price-in': { type: 'string', value: 'P', help: 'with --dry-run and --server: price of a million prompt tokens' },
  'price-out': { type: 'string', value: 'P', help: 'with --dry-run and --server: price of a million written tokens' },
} satisfies Command['options'];

export async function printDryRun(spec: RunSpec, { values, signal }: CommandInput): Promise<0 | 1> {
  if (!spec.server) return printLocal(spec, { values, signal });
  const [priceIn, priceOut] = [price(values, 'price-in'), price(values, 'price-out')];
  const counted = await dryRun(spec, signal);
  const mostPrice = priceIn === null && priceOut === null ? null : costAt(counted, priceIn ?? 0, priceOut ?? 0);
  if (values.json === true) printJson({ ...counted, mostPrice });
  else for (const line of linesOf(counted, mostPrice)) print(line);
  return counted.examples > 0 ? 0 : 1;
}

async function printLocal(spec: RunSpec, { values, signal }: Omit<CommandInput, 'files'>): Promise<0 | 1> {
  if (price(values, 'price-in') !== null || price(values, 'price-out') !== null)
    throw new UsageError('--price-in and --price-out are prices of a --server; this model runs here.');
  const backends = new Backends(openOptions(values));
  try {
    const counted = await dryRunHere(spec, backends, signal);
    if (values.json === true) printJson(counted);
    else for (const line of localLines(counted)) print(line);
    return counted.examples > 0 ? 0 : 1;
  } finally {
    await backends.dispose();
  }
}

function localLines(counted: LocalDryRun): readonly string[] {
  const { examples, conditions, requests, tokensAsked, tokensRead, tokensWritten, etaMs } = counted;
  return [
    `${grouped(examples)} examples × ${conditions} conditions: ${grouped(requests)} answers`,
    `about ${grouped(tokensRead)} tokens to read, each shared beginning once, and ${grouped(tokensWritten)} to write; ${grouped(tokensAsked)} if every answer were asked for by itself`,
    etaMs === null
      ? 'How long that takes could not be told.'
      : `about ${timeText(etaMs)} on this machine as busy as it is now`,
    'Written text is taken to be as long as the recorded. What helper models write, and draws for the noise floor, come on top.',
  ];
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
