// Owns looking for the words of a prompt edit in a text. Must not know where the text is from.
import type { Condition } from '../domain/condition';
import { promptEdits } from '../interventions';

/** Words of the values that the condition's prompt edit is about; none where the prompt is left alone. */
export const editValues = ({ promptEdit }: Condition): readonly string[] =>
  promptEdits.find((one) => one.descriptor.id === promptEdit.id)?.values(promptEdit.params) ?? [];

/** A text as a pattern that finds just it. */
export const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whole words, without regard to case. */
export function containsWords(text: string, words: string): boolean {
  return words !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal(words)}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
