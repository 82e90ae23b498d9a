// Owns how answer options become token sequences to score: what they share goes into the leaf, what tells them apart is scored.
// Pure; must not know models beyond the function that gives ids.
import type { OptionIds } from '../backends/backend';

export type ScoredOptions = { readonly ids: readonly number[]; readonly options: readonly OptionIds[] };

/** The option as the record spells its own answer: same words in another case follow that case. */
export function spellLike(option: string, recordedWords: string): string {
  if (recordedWords === recordedWords.toUpperCase() && recordedWords !== recordedWords.toLowerCase()) {
    return option.length > 1 || recordedWords.length === 1 ? option.toUpperCase() : option;
  }
  const first = recordedWords.slice(0, 1);
  const capitalized = first !== first.toLowerCase();
  return capitalized ? option.slice(0, 1).toUpperCase() + option.slice(1) : option;
}

const startsWith = (ids: readonly number[], prefix: readonly number[]): boolean =>
  prefix.length <= ids.length && prefix.every((id, i) => ids[i] === id);

/** One option's ids begin another's: without what follows them the shorter one would win its probability twice. */
export function needsTerminator(sequences: readonly (readonly number[])[]): boolean {
  return sequences.some((one, i) => sequences.some((other, j) => i !== j && startsWith(other, one)));
}

function sharedLength(sequences: readonly (readonly number[])[]): number {
  const [first = []] = sequences;
  const shortest = Math.min(...sequences.map((one) => one.length));
  let length = 0;
  while (length < shortest - 1 && sequences.every((one) => one[length] === first[length])) length += 1;
  return length;
}

/**
 * Splits full sequences (text before the answer + option, `idsWith(option + terminator)`) into the ids that all share and each option's own.
 * @param terminator text or end id that follows an answer; used when one option begins another.
 */
export function splitOptions(
  options: readonly string[],
  idsWith: (option: string, terminated: boolean) => readonly number[],
): ScoredOptions {
  const plain = options.map((option) => idsWith(option, false));
  const sequences = needsTerminator(plain) ? options.map((option) => idsWith(option, true)) : plain;
  const shared = sharedLength(sequences);
  return {
    ids: sequences[0]?.slice(0, shared) ?? [],
    options: options.map((option, i) => ({ option, ids: sequences[i]?.slice(shared) ?? [] })),
  };
}
