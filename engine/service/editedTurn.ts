// Owns a turn whose reasoning a person changed: ids before the first changed character are those of the record, the rest is encoded anew.
// Must not know who changed it, or why.
import type { Example } from '../domain/example';
import { bodyEnd } from '../domain/trace';
import { keptTokens } from '../text/continuation';
import type { Encoding, ModelText } from '../text/modelText';
import type { Turn } from './turn';

export type TraceReplacement = { readonly example: Example; readonly reasoning: string };

/** The recorded turn of the example with another reasoning between its tags. */
export function editedTurn(turn: Turn, { example, reasoning }: TraceReplacement, model: ModelText): Turn {
  const { reasoning: recorded, answerText } = example.trace;
  if (reasoning === recorded) return turn;
  const { frame, reasoningStart } = turn;
  const text = turn.text.slice(0, reasoningStart) + reasoning + frame.close + answerText;
  const words = example.answer?.range.start ?? answerText.length;
  return {
    ...turn,
    text,
    encoding: encodeEdited(turn, text, model),
    closing: reasoning.slice(bodyEnd(reasoning)) + frame.close + answerText.slice(0, words),
  };
}

function encodeEdited({ text: before, encoding }: Turn, text: string, model: ModelText): Encoding {
  const { count, end } = keptTokens(encoding, sharedLength(before, text));
  const kept = encoding.ids.slice(0, count);
  const rest = model.encodeAfter(kept, text.slice(end));
  const shifted = (offsets: readonly number[]): readonly number[] => offsets.map((offset) => offset + end);
  return {
    ids: [...kept, ...rest.ids],
    starts: [...encoding.starts.slice(0, count), ...shifted(rest.starts)],
    ends: [...encoding.ends.slice(0, count), ...shifted(rest.ends)],
    complete: [...encoding.complete.slice(0, count), ...rest.complete],
  };
}

function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}
