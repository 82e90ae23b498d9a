// Owns refusing a run whose prompt edit changes no prompt, before a night is spent on it: a misspelt value keeps every answer.
import type { Condition } from '../domain/condition';
import type { Example, Message } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import { editPrompt, findPromptEdit } from './cutting';

/** Prompts that are looked at, at most: an edit that touches one in thousands is not misspelt. */
const mostLooked = 2000;

/** @throws UserError naming the edit that touches none of the prompts */
export async function refuseIdlePromptEdits(
  conditions: readonly Condition[],
  examples: AsyncIterable<{ readonly example: Example }>,
  signal: AbortSignal,
): Promise<void> {
  const edited = conditions.filter(({ promptEdit }) => promptEdit.id !== 'none');
  const idle = new Map(edited.map((condition) => [canonicalJson(condition.promptEdit), condition]));
  let looked = 0;
  for await (const { example } of examples) {
    if (idle.size === 0 || looked === mostLooked) break;
    throwIfCancelled(signal);
    looked += 1;
    for (const [key, condition] of idle) if (touches(example.messages, condition)) idle.delete(key);
  }
  const [first] = idle.values();
  if (first === undefined || looked === 0) return;
  throw new UserError(
    `${first.alias} changes ${looked === 1 ? 'nothing in the only prompt' : `none of ${looked} prompts`}, so it would only repeat its control. Check the spelling of its words; they must stand in the prompts as whole words (--preview shows what an edit touches).`,
  );
}

/** Whether the edit changes this prompt, or may: what a model writes for it is not there yet. */
function touches(messages: readonly Message[], condition: Condition): boolean {
  const { id, params } = condition.promptEdit;
  const { needs } = findPromptEdit(id);
  return needs ? needs(messages, params).length > 0 : editPrompt(messages, condition).replacements.length > 0;
}
