// Owns thought-anchors problems and scenarios: a completion's prompt, which ends with the opening tag, and the solution behind it.
// Its field `reasoning` is a judge's, never the model's.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { isObject, type JsonObject, member, shortFields, text } from './parts/shape';

export const thoughtAnchors: Format = {
  id: 'thought_anchors',
  title: 'Thought-anchors problem',
  framing: 'values',
  recognizes(record) {
    const solution = solutionOf(record);
    return text(solution.solution) !== null && text(solution.full_cot) !== null ? 95 : 0;
  },
  read(record) {
    const solution = solutionOf(record);
    const [prompt, tag] = splitPrompt(text(solution.prompt) ?? '');
    const reply = { role: 'assistant', content: tag + (text(solution.solution) ?? '') };
    return asTurns(asReplies([{ role: 'user', content: prompt }], [reply]), {
      statedAnswer: text(solution.answer),
      model: text(member(record, 'model')),
      fields: {
        ...shortFields(member(record, 'problem')),
        ...shortFields(solution, ['prompt', 'solution', 'full_cot', 'reasoning']),
      },
    });
  },
};

function solutionOf(record: unknown): JsonObject {
  const solution = member(record, 'base_solution') ?? record;
  return isObject(solution) ? solution : {};
}

/** The tag that the prompt ends with begins the turn: `prompt + turn` is the completion's text. */
function splitPrompt(prompt: string): readonly [string, string] {
  const tag = /<think>\s*$/.exec(prompt)?.[0] ?? '';
  return [prompt.slice(0, prompt.length - tag.length), tag];
}
