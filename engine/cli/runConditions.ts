// Owns which conditions a command line asks for: lists, swaps, placebos, whole experiments. Must not know how they are run.
import { defaultTraceEdits, type PromptEditSpec } from '../domain/condition';
import { UserError } from '../domain/failure';
import type { RunSpec } from '../domain/run';
import { stepsOf } from '../domain/steps';
import { experiments } from '../service/conditionPresets';
import { parseConditions } from '../service/conditions';
import { openKnownFile } from '../service/fileQueries';
import { parsePlacebo, parseReplacement, parseSwaps } from '../service/promptEditWords';
import { asUsage, type CommandInput, count, note, text, texts, UsageError } from './command';

export type Reading = NonNullable<Parameters<typeof openKnownFile>[1]>;

type ConditionChoice = {
  readonly values: CommandInput['values'];
  readonly base: Partial<RunSpec>;
  readonly paths: readonly string[];
  /** How the files are read. */
  readonly reading: Reading;
};

/** @throws UsageError that says what is wrong with the words */
export async function chooseConditions({
  values,
  base,
  paths,
  reading,
}: ConditionChoice): Promise<RunSpec['conditions']> {
  const preset = asUsage(() => experimentOf(text(values, 'preset')));
  const prompts = await promptsOf({ values, preset, paths, reading });
  const list = text(values, 'conditions') ?? preset?.conditions;
  if (list === undefined && base.conditions && prompts.length === 0) return base.conditions;
  if (list === undefined && prompts.length === 0) await suggestSwap(paths, reading);
  const wanted = list ?? defaultTraceEdits.join(',');
  const limit = count(values, 'limit', 1) ?? base.limit ?? Number.POSITIVE_INFINITY;
  const mostSteps = wanted.includes(':*') ? await longestTrace(paths, { ...reading, limit }) : null;
  return asUsage(() => parseConditions(wanted, { prompts, mostSteps }));
}

function experimentOf(name: string | undefined) {
  if (name === undefined) return undefined;
  const found = experiments[name];
  if (!found) throw new UserError(`There is no preset "${name}"; there is ${Object.keys(experiments).join(', ')}.`);
  return found;
}

type PromptChoice = Omit<ConditionChoice, 'base'> & { readonly preset: ReturnType<typeof experimentOf> };

/** The edits of the prompt with which every trace edit is crossed; the swap comes first. */
async function promptsOf({ values, preset, paths, reading }: PromptChoice): Promise<readonly PromptEditSpec[]> {
  const asked = texts(values, 'swap');
  const swapTexts = asked.length > 0 || !preset ? asked : [preset.swap];
  const inTrace = values['swap-trace'] === true;
  if (inTrace && swapTexts.length === 0)
    throw new UsageError('--swap-trace needs a --swap that it extends to the reasoning.');
  const swaps = asUsage(() => parseSwaps(swapTexts, inTrace));
  const placebo = text(values, 'placebo');
  const placebos = placebo === undefined ? [] : [await placeboOf(placebo, { swapTexts, paths, reading })];
  const replacement = text(values, 'replace');
  const replacements = replacement === undefined ? [] : [asUsage(() => parseReplacement(replacement))];
  return [...swaps, ...placebos, ...replacements];
}

type PlaceboChoice = Pick<ConditionChoice, 'paths' | 'reading'> & { readonly swapTexts: readonly string[] };

/** `auto`: the best pair of values in the prompts, of an attribute that is not swapped already. */
async function placeboOf(words: string, { swapTexts, paths, reading }: PlaceboChoice): Promise<PromptEditSpec> {
  if (words !== 'auto') return asUsage(() => parsePlacebo(words));
  const [first] = paths;
  const { swaps } = first === undefined ? { swaps: [] } : (await openKnownFile(first, reading)).summary;
  const taken = new Set(swapTexts.map((swap) => swap.split('=')[0]?.trim().toLowerCase()));
  const found = swaps.find(({ attribute }) => !taken.has(attribute.toLowerCase()));
  if (!found) throw new UserError('No other attribute was found in the prompts; name one with --placebo FIELD=A:B.');
  note(`Placebo: ${found.attribute}=${found.a}:${found.b} (seen ${found.countA} and ${found.countB} times)`);
  return parsePlacebo(`${found.attribute}=${found.a}:${found.b}`);
}

/** Steps of the longest trace that can take part, among the first `limit` of the files. */
async function longestTrace(
  paths: readonly string[],
  { limit, ...reading }: Reading & { readonly limit: number },
): Promise<number> {
  let [most, left] = [0, limit];
  for (const path of paths) {
    const file = await openKnownFile(path, reading);
    for await (const { trace, answer, opaque } of file.examples({ offset: 0, limit: left })) {
      left -= 1;
      if (answer !== null && opaque === null) most = Math.max(most, stepsOf(trace.reasoning).length);
    }
  }
  return most;
}

async function suggestSwap(paths: readonly string[], reading: Reading): Promise<void> {
  const [first] = paths;
  const swap = first === undefined ? undefined : (await openKnownFile(first, reading)).summary.swaps[0];
  const example = swap
    ? `${swap.attribute}=${swap.a}:${swap.b} (seen ${swap.countA} and ${swap.countB} times)`
    : 'FIELD=A:B';
  note(`No swap was asked for, so only the trace is edited. To change the prompt too: --swap ${example}`);
}
