// Owns the caveats that can be seen before anything is generated: swaps that touch nothing, traces that name the attribute or state their verdict.
// Pure; must not know tokens.
import type { Condition } from '../domain/condition';
import { isSwapped } from '../domain/condition';
import type { Example } from '../domain/example';
import type { CaveatId, CutRecord } from '../domain/run';
import type { PromptEditResult } from '../interventions/intervention';
import { containsWords, editValues, literal } from './editValues';

/** The last two sentences or lines of a text, where a verdict would stand. */
const ending = (text: string): string =>
  text
    .trimEnd()
    .split(/(?<=[.!?])\s+|\n+/)
    .slice(-2)
    .join(' ');

/** An example under a condition, as far as it is known before the model is asked. */
export type EditedExample = {
  readonly condition: Condition;
  readonly edit: Pick<PromptEditResult, 'replacements'>;
  /** The reasoning after the trace's edit, and where it is cut. */
  readonly reasoning: string;
  readonly cut: Pick<CutRecord, 'offset'>;
};

/** Words that bring a verdict, before an option that also occurs in plain prose (a letter, yes, no, a number). */
const verdictWords =
  /\b(?:answer|conclusion|conclude|recommend\p{L}*|verdict|choose|choice|option|decision|therefore|so)\b/giu;
/** How far behind such a word the option may stand, in characters of the same sentence. */
const verdictReach = 48;

/**
 * Whether a text states an option as its verdict: a longer word in any of its forms (approve, approved, approval); a short one only
 * after a word that brings a verdict, and a letter only as it is written.
 */
function statesAnswer(text: string, option: string): boolean {
  if (option.length > 3) {
    const stem = option.length > 4 ? option.replace(/e$/, '') : option;
    return new RegExp(`(?<![\\p{L}\\p{N}])${literal(stem)}\\p{L}{0,4}(?![\\p{L}\\p{N}])`, 'iu').test(text);
  }
  const words = new RegExp(`(?<![\\p{L}\\p{N}])${literal(option)}(?![\\p{L}\\p{N}])`, option.length === 1 ? 'u' : 'iu');
  return [...text.matchAll(verdictWords)].some((found) => {
    const after = text.slice(found.index + found[0].length, found.index + found[0].length + verdictReach);
    return words.test(after.split(/[.!?\n]/)[0] ?? '');
  });
}

/** Reasons to read this example's outcome under this condition with care. */
export function planCaveats(
  example: Pick<Example, 'answer'>,
  { condition, edit, reasoning, cut }: EditedExample,
): readonly CaveatId[] {
  const kept = reasoning.slice(0, cut.offset);
  const caveats: CaveatId[] = [];
  if (isSwapped(condition)) {
    if (edit.replacements.length === 0) caveats.push('swapTouchesNothing');
    if (editValues(condition).some((value) => containsWords(kept, value))) caveats.push('attributeInTrace');
  }
  if (example.answer && statesAnswer(ending(kept), example.answer.option)) caveats.push('conclusionLeak');
  return caveats;
}
