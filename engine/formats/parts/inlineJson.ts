// Owns turns that are one JSON object whose first fields are the model's reasoning: {"reasoning": "…", "answer": …}. The reasoning is the
// text between the quotes as it was written, escapes included, so that the turn can be continued from any place in it.
import type { Trace } from '../../domain/trace';

const opening =
  /^(\s*(?:```(?:json)?\s*)?\{\s*)("(?:reasoning|analysis|thoughts?|thinking|chain_of_thought|rationale|explanation)"\s*:\s*")/;

export function splitInlineJson(text: string): Trace | null {
  const found = opening.exec(text);
  if (!found) return null;
  const [all, before = '', open = ''] = found;
  let end = all.length;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length)
    return { reasoning: text.slice(all.length), frame: { before, open, close: '' }, answerText: '' };
  const close = /^"\s*,?\s*/.exec(text.slice(end))?.[0] ?? '"';
  return {
    reasoning: text.slice(all.length, end),
    frame: { before, open, close },
    answerText: text.slice(end + close.length),
  };
}
