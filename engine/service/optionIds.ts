// Owns how answer options become token sequences to score: what they share goes into the leaf, what tells them apart is scored.
// Pure; must not know models beyond the function that gives ids.
import type { OptionIds } from '../backends/backend';
import { foldAnswer } from './foldAnswer';

export type ScoredOptions = { readonly ids: readonly number[]; readonly options: readonly OptionIds[] };

/**
 * The option as this record would spell it: its own answer in its own words, the others in the same case. An option that is never
 * written so has a probability of nothing, which would be read as a flip.
 */
export function spellLike(option: string, recordedWords: string): string {
  if (foldAnswer(option) === foldAnswer(recordedWords)) return recordedWords;

  const [lower, upper] = [recordedWords.toLowerCase(), recordedWords.toUpperCase()];
  if (lower === upper) return option;
  if (recordedWords === upper) return recordedWords.length > 1 || option.length === 1 ? option.toUpperCase() : option;
  if (recordedWords === lower) return isCapitalizedWord(option) ? option.toLowerCase() : option;
  const first = recordedWords.slice(0, 1);
  return first === first.toLowerCase() ? option : option.slice(0, 1).toUpperCase() + option.slice(1);
}

/** One plain word with a capital in front, as people vary it; acronyms and names of several words are left alone. */
const isCapitalizedWord = (text: string): boolean => /^\p{Lu}\p{Ll}+$/u.test(text);

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
 * @param idsWith ids up to the option's end; `terminated`: and one token more of what follows an answer.
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

/**
 * Ids up to the first token after the option, tokenized as the model would write it: option and what follows it in one go.
 * @param upToOption ids that end with the option
 * @param further ids of the same text and all that follows the answer
 */
export function oneTokenFurther(upToOption: readonly number[], further: readonly number[]): readonly number[] {
  let shared = 0;
  while (shared < upToOption.length && upToOption[shared] === further[shared]) shared += 1;
  return further.slice(0, shared + 1);
}
