// What a closed cut of a question's turn should be, worked out from the definition alone: the first k of the n tokens
// that cover the reasoning, then the closing tag's line and the words before the answer. Imports nothing of the engine.
import { letters, type QuestionTrace } from './questionTraces';
import type { ScratchModel } from './scratchModel';

const turnPattern = /^(<think>)([\s\S]*?)(\s*)(<\/think>[\s\S]*The answer is )([A-D])\b/;

/** Ids of everything before the options' own tokens, and each option's token; `null` when the turn has no answer. */
export function cutClosed(
  model: ScratchModel,
  { messages, turn }: QuestionTrace,
  keep: number,
): { readonly ids: readonly number[]; readonly options: ReadonlyMap<string, number> } | null {
  const parts = turnPattern.exec(turn);
  if (parts === null) return null;
  const [, open = '', body = '', space = '', closing = ''] = parts;
  const start = model.render(messages).length + open.length;
  const whole = model.encode(model.render(messages) + turn);
  const covers = tokenEnds(model, whole).filter((end) => end > start);
  const n = covers.findIndex((end) => end >= start + body.length + space.length) + 1;
  const before = whole.length - covers.length;
  const kept = Math.floor(n * keep);
  const bodyEnd = covers.findIndex((end) => end >= start + body.length) + 1;
  const prefix = whole.slice(0, before + Math.min(kept, bodyEnd));
  const sequences = [...letters].map((letter) => [...prefix, ...model.encode(space + closing + letter)]);
  const [first = []] = sequences;
  const ids = first.slice(0, -1);
  if (sequences.some((one) => one.length !== first.length || ids.some((id, i) => one[i] !== id))) {
    throw new Error('The options differ in more than their last token: this comparison needs single tokens.');
  }
  return { ids, options: new Map([...letters].map((letter, i) => [letter, sequences[i]?.at(-1) ?? -1])) };
}

/** Where each token ends in the text. Holds for text whose tokens are whole characters. */
function tokenEnds(model: ScratchModel, ids: readonly number[]): readonly number[] {
  let end = 0;
  return ids.map((id) => {
    end += model.decode([id]).length;
    return end;
  });
}
