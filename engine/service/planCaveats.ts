// Owns the caveats that can be seen before anything is generated: swaps that touch nothing, traces that name the attribute or state their verdict.
// Pure; must not know tokens.
import type { Condition } from '../domain/condition';
import { isSwapped } from '../domain/condition';
import type { Example } from '../domain/example';
import type { CaveatId, CutRecord } from '../domain/run';
import { promptEdits } from '../interventions';
import type { PromptEditResult } from '../interventions/intervention';

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whole words, without regard to case. */
function containsWords(text: string, words: string): boolean {
  return words !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal(words)}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}

/** The last two sentences or lines of a text, where a verdict would stand. */
const ending = (text: string): string =>
  text
    .trimEnd()
    .split(/(?<=[.!?])\s+|\n+/)
    .slice(-2)
    .join(' ');

type Edits = { readonly cut: CutRecord; readonly edit: PromptEditResult };

/** Reasons to read this example's outcome under this condition with care. */
export function planCaveats(example: Example, condition: Condition, { cut, edit }: Edits): readonly CaveatId[] {
  const kept = example.trace.reasoning.slice(0, cut.offset);
  const caveats: CaveatId[] = [];
  if (isSwapped(condition)) {
    if (edit.replacements.length === 0) caveats.push('swapTouchesNothing');
    const values = promptEdits
      .find((one) => one.descriptor.id === condition.promptEdit.id)
      ?.values(condition.promptEdit.params);
    if (values?.some((value) => containsWords(kept, value))) caveats.push('attributeInTrace');
  }
  if (example.answer && containsWords(ending(kept), example.answer.option)) caveats.push('conclusionLeak');
  return caveats;
}
