// Owns how a regenerated text becomes an outcome: where the reasoning ends in it, and which option its answer is.
// Must not know how the text was generated.
import type { AnswerReader } from '../answers/answer';
import type { Outcome } from '../domain/example';
import { matchOption } from './foldAnswer';

export type Regenerated = {
  readonly text: string;
  readonly finish: 'stop' | 'length';
  /** Whether the reasoning was still open where the text began, and the tag that closes it (empty: unknown). */
  readonly close: 'open' | 'closed';
  readonly closeTag: string;
};

export type ReadContinuation = { readonly outcome: Outcome; readonly wentOn: boolean };

const unreadable = (reason: string): Outcome => ({ kind: 'unreadable', reason });

/** The outcome of a continuation, and whether the model added reasoning before it closed. */
export function readContinuation(
  from: Regenerated,
  reader: AnswerReader,
  options: readonly string[],
): ReadContinuation {
  const tag = from.closeTag.trim();
  const closesAt = from.close === 'open' ? (tag === '' ? -1 : from.text.indexOf(tag)) : 0;
  const wentOn = from.close === 'open' && from.text.slice(0, closesAt < 0 ? undefined : closesAt).trim() !== '';
  if (closesAt < 0) {
    const why = from.finish === 'length' ? 'was cut off at the token limit before' : 'ended without';
    return { outcome: unreadable(`the reasoning ${why} ${tag || 'its closing tag'}`), wentOn };
  }
  const answerText = from.close === 'open' ? from.text.slice(closesAt + tag.length) : from.text;
  const answer = reader.read(answerText);
  if (!answer) {
    const why =
      from.finish === 'length' ? 'the token limit was reached before an answer' : 'no answer follows the reasoning';
    return { outcome: unreadable(why), wentOn };
  }
  const option = matchOption(answer.option, options);
  const outcome: Outcome = option
    ? { kind: 'option', option }
    : unreadable(`answered "${answer.option.slice(0, 40)}", which is none of the options`);
  return { outcome, wentOn };
}
