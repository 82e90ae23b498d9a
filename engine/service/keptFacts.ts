// Owns whether a sentence still says the same in other words, as far as that can be seen without understanding it. Pure.

const numbers = (text: string): readonly string[] => text.match(/\d+(?:[.,]\d+)*/g) ?? [];

/**
 * Words with a capital that does not come from beginning the sentence, and letters of options, `(B)`. Looks backwards from capitals alone: white
 * space may be long.
 */
const names = (text: string): readonly string[] =>
  [...text.matchAll(/(?=\p{Lu})(?<![.!?:"“]\s*)(?<=\S\s+)\p{Lu}[\p{L}\p{N}-]+|\([A-Z]\)/gu)].map(([name]) => name);

/**
 * Why `is` cannot mean what `was` means: a number or a name went or came, or a question became none; `null` when nothing speaks against it.
 */
export function lostFact(was: string, is: string): string | null {
  const holds = (text: string, word: string): boolean => text.toLowerCase().includes(word.toLowerCase());
  const gone = names(was).find((name) => !holds(is, name)) ?? numbers(was).find((one) => !numbers(is).includes(one));
  if (gone !== undefined) return `leaves out "${gone}"`;
  const come = numbers(is).find((one) => !numbers(was).includes(one));
  if (come !== undefined) return `adds "${come}"`;
  const asks = (text: string): boolean => /\?["'”’)]*$/.test(text.trim());
  if (asks(was) === asks(is)) return null;
  return asks(was) ? 'asks no more' : 'asks instead of saying';
}
