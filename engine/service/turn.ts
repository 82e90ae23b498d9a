// Owns where everything stands in the text that the model reads: rendered prompt, opening tag, reasoning, closing tag, answer.
// Must not know conditions or files.
import type { Example, Message } from '../domain/example';
import { bodyEnd, type Frame } from '../domain/trace';
import type { TraceGrid } from '../interventions/intervention';
import type { Encoding, ModelText } from '../text/modelText';
import { joinTurn, openingTagOf } from '../text/reasoningTags';

/** The record's turn after a prompt, as text and as ids. Offsets are those of `text`. */
export type Turn = {
  readonly text: string;
  readonly encoding: Encoding;
  readonly reasoningStart: number;
  readonly frame: Frame;
  /** White space of the closing tag's line, the tag, and what follows up to the recorded answer's words. */
  readonly closing: string;
  /** What follows the recorded answer's words in the record. */
  readonly afterAnswer: string;
};

/** The example's turn as it stands after these messages under this model's template. */
export function layTurn(example: Example, messages: readonly Message[], model: ModelText): Turn {
  const { reasoning, answerText } = example.trace;
  const rendered = model.render(messages);
  const frame = frameOf(example, rendered, model);
  const written = frame.before + frame.open + reasoning + frame.close + answerText;
  const joined = joinTurn(rendered, written, frame.open);
  const text = joined.prompt + joined.turn;
  const answer = example.answer?.range ?? { start: answerText.length, end: answerText.length };
  return {
    text,
    encoding: model.encode(text),
    reasoningStart: text.length - answerText.length - frame.close.length - reasoning.length,
    frame,
    closing: reasoning.slice(bodyEnd(reasoning)) + frame.close + answerText.slice(0, answer.start),
    afterAnswer: answerText.slice(answer.end),
  };
}

/**
 * The record's own tags; the model's where the record keeps its reasoning in a field of its own. A record without an opening tag had it
 * written by its prompt's template: where this model's template does not, it is written here.
 */
function frameOf(example: Example, rendered: string, { reasoningTags }: ModelText): Frame {
  const { open, close } = reasoningTags;
  const frame = example.trace.frame ?? { before: '', open, close };
  if (frame.open !== '' || frame.close === '') return frame;
  const bare = openingTagOf(frame.close.trim());
  if (bare === null || rendered.trimEnd().endsWith(bare)) return frame;
  return { ...frame, open: bare + /\s*$/.exec(open)?.[0] };
}

/** The token grid of the reasoning span: every token that covers a part of it, its end clipped to the span. */
export function gridOf(turn: Turn, reasoning: string): TraceGrid {
  const { starts, ends, complete } = turn.encoding;
  const spanEnd = turn.reasoningStart + reasoning.length;
  const tokenEnds: (number | null)[] = [];
  for (let i = 0; i < starts.length; i++) {
    const [start = 0, end = 0] = [starts[i], ends[i]];
    const covers = end > turn.reasoningStart && start < spanEnd;
    const inside = !complete[i] && start >= turn.reasoningStart && start < spanEnd;
    if (covers || inside) tokenEnds.push(complete[i] ? Math.min(end, spanEnd) - turn.reasoningStart : null);
  }
  return { reasoning, tokenEnds };
}
