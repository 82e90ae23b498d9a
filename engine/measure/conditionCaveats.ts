// Owns which caveats a condition's numbers carry, with how many of its examples have each.
import type { PairedComparison } from '../domain/effect';
import type { Caveat, CaveatId } from '../domain/run';
import { caveat, fewestDiscordant, nearTieLimit, outsideLimit } from './caveats';
import type { Draws } from './exampleOutcomes';

type Context = {
  readonly paired: PairedComparison | null;
  readonly final: boolean;
  /** Examples of which the condition could not be made. */
  readonly omitted: number;
};

/** In order of first appearance; those of the whole condition last. */
export function conditionCaveats(draws: readonly Draws[], { paired, final, omitted }: Context): readonly Caveat[] {
  const counts = new Map<CaveatId, number>();
  for (const example of draws) {
    for (const id of exampleCaveats(example)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const left = omitted > 0 ? [caveat('editImpossible', omitted, draws.length + omitted)] : [];
  const caveats = [...left, ...[...counts].map(([id, count]) => caveat(id, count, draws.length))];
  if (draws.length === 0) return final ? [...left, caveat('noExamples', 0, 0)] : left;
  const discordant = paired ? paired.onlyControlKept + paired.onlyThisKept : fewestDiscordant;
  return discordant < fewestDiscordant ? [...caveats, caveat('fewDiscordant', discordant, draws.length)] : caveats;
}

/** Those that were seen before the model ran, and those that its answers show; each once. */
function exampleCaveats({ caveats, outside, finishLength, minMargin }: Draws): ReadonlySet<CaveatId> {
  const found = new Set(caveats);
  if (outside !== null && outside > outsideLimit) found.add('outsideOptions');
  if (finishLength > 0) found.add('truncatedGeneration');
  if (minMargin !== null && minMargin < nearTieLimit) found.add('nearTie');
  return found;
}
