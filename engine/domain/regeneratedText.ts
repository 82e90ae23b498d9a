// Owns both texts of a comparison behind a common beginning: how the recorded turn goes on, and how the regenerated one does. Pure.
import type { Example } from './example';
import type { CutRecord, SampleResult } from './run';
import { bodyEnd, changedText } from './trace';

/** Between reasoning and answer of a record that keeps them apart. */
const gap = '\n\n';

/** The recorded turn from an offset of its reasoning on. */
export function originalRest({ trace }: Example, from: number): string {
  return trace.reasoning.slice(from) + (trace.frame?.close ?? gap) + trace.answerText;
}

/** The regenerated turn from an offset on; up to the cut it is the recorded reasoning as the edit left it. */
export function regeneratedRest(example: Example, { cut, result }: Regenerated, from: number): string {
  const edited = changedText(example.trace.reasoning, cut.changes ?? []);
  return edited.slice(from, cut.offset) + (result.finish === 'forced' ? forcedRest(example, result) : result.text);
}

export type Regenerated = { readonly cut: CutRecord; readonly result: SampleResult };

/** Forced: the record's own closing bytes, with the chosen option in the place of the recorded words. */
function forcedRest({ trace, answer }: Example, result: SampleResult): string {
  const closing = trace.reasoning.slice(bodyEnd(trace.reasoning)) + (trace.frame?.close ?? gap);
  if (!answer) return closing + result.text;
  const { start, end } = answer.range;
  const option = result.outcome.kind === 'option' ? result.outcome.option : result.text;
  return closing + trace.answerText.slice(0, start) + option + trace.answerText.slice(end);
}
