// Owns what statistics need of a regenerated text besides its answer: whether it names the edit, and how alike its first step is to the one that
// stood there. Computed while the text is at hand, because a folded log keeps none. Pure; must not know tokens.
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import type { SampleResult } from '../domain/run';
import { stepsOf } from '../domain/steps';
import { wordLikeness } from '../measure/wordLikeness';
import { containsWords, editValues } from './editValues';

export type SampleFacts = Pick<SampleResult, 'namesEdit' | 'stepLikeness'>;

/** `closeTag` ends the reasoning in the regenerated text; empty: unknown. */
type Regenerated = { readonly condition: Condition; readonly closeTag: string };

/** Empty for what was not regenerated. */
export function sampleFacts(result: SampleResult, example: Example, { condition, closeTag }: Regenerated): SampleFacts {
  if (result.finish === 'forced') return {};
  const values = editValues(condition);
  const likeness = stepLikeness(reasoningIn(result.text, closeTag), example, condition);
  return {
    ...(values.length > 0 ? { namesEdit: values.some((value) => containsWords(result.text, value)) } : {}),
    ...(likeness === undefined ? {} : { stepLikeness: likeness }),
  };
}

/** A model that closes at once writes no step: its tag and its answer are none. */
function reasoningIn(text: string, closeTag: string): string {
  const end = closeTag === '' ? -1 : text.indexOf(closeTag);
  return end < 0 ? text : text.slice(0, end);
}

/** `undefined` where the trace was not cut between two steps; `null` where the model wrote none, or none stood there. */
function stepLikeness(text: string, { trace }: Example, { traceEdit }: Condition): number | null | undefined {
  const { keep, close, params } = traceEdit;
  const isCutBetween = params === undefined && close === 'open' && (keep.unit === 'steps' || keep.value === 0);
  if (!isCutBetween) return undefined;
  const was = stepsOf(trace.reasoning)[Math.trunc(keep.value)];
  const is = stepsOf(text.trimStart())[0];
  if (!was || !is) return null;
  return wordLikeness(trace.reasoning.slice(was.start, was.end), text.trimStart().slice(is.start, is.end));
}
