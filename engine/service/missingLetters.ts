// Owns refusing a run that shuffles lettered options of which some are no answers of it: an answer behind such a letter could not be mapped back.
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import { lastLettered } from '../interventions/letteredOptions';
import { shuffleOptions } from '../interventions/shuffleOptions';
import { letterOf } from './sampleResult';

/** Prompts that are looked at, at most. */
const mostLooked = 2000;

type Asked = { readonly options: readonly string[]; readonly signal: AbortSignal };

/** @throws UserError naming the letters, and how to give them */
export async function refuseMissingLetters(
  conditions: readonly Condition[],
  examples: AsyncIterable<{ readonly example: Example }>,
  { options, signal }: Asked,
): Promise<void> {
  const shuffled = conditions.find(({ promptEdit }) => promptEdit.id === shuffleOptions.descriptor.id);
  const letters = options.map(letterOf);
  if (!shuffled || letters.includes(null)) return;
  let looked = 0;
  for await (const { example } of examples) {
    throwIfCancelled(signal);
    const listed = (lastLettered(example.messages)?.options ?? []).map(({ letter }) => letter);
    const missing = listed.filter((letter) => !letters.includes(letter));
    if (missing.length > 0)
      throw new UserError(
        `${shuffled.alias}: prompts list the options ${listed.join(', ')}, but the answers to choose between are ${options.join(', ')}, so an answer behind ${missing.join(' or ')} could not be read. Name them all: --options ${listed.join(',')}.`,
      );
    looked += 1;
    if (looked === mostLooked) return;
  }
}
