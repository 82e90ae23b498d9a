// Owns when two answers are the same words. Everything that compares answers compares them so.

/** Without regard to case, composition of characters and the amount of white space. */
export const foldAnswer = (answer: string): string => answer.trim().normalize('NFC').replace(/\s+/g, ' ').toLowerCase();

/** The option that these words are; `null` when they are none of them. */
export function matchOption(words: string, options: readonly string[]): string | null {
  const folded = foldAnswer(words);
  return options.find((option) => foldAnswer(option) === folded) ?? null;
}
