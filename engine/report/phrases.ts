// Owns how a condition is said in words. Must not know numbers.
import {
  type Condition,
  type ConditionSpec,
  isMereCut,
  isSwapped,
  type PromptEditSpec,
  type TraceEditSpec,
} from '../domain/condition';

/** `nationality swapped in the prompt (American / Canadian)`. */
export function promptPhrase(condition: ConditionSpec): string {
  if (!isSwapped(condition)) return 'the prompt left alone';
  const { id, params } = condition.promptEdit;
  if (id === 'swap' || id === 'placebo') return swapPhrase(params) + (id === 'placebo' ? ', as a placebo' : '');
  if (id === 'paraphrased-prompt') return 'the prompt said in other words by a helper model, as a placebo';
  const values = Object.entries(params).map(([name, value]) => `${name}: ${value}`);
  return `the prompt edited (${[id, ...values].join(', ')})`;
}

function swapPhrase({ attribute, a, b, trace }: PromptEditSpec['params']): string {
  const where = trace === 'too' ? 'the prompt and the reasoning' : 'the prompt';
  return `${attribute ?? 'an attribute'} swapped in ${where} (${a ?? '?'} / ${b ?? '?'})`;
}

/** `the whole reasoning kept and closed`. */
export function tracePhrase(spec: TraceEditSpec): string {
  const { keep, close } = spec;
  if (!isMereCut(spec)) return rewritingPhrase(spec);
  if (keep.value === 0)
    return close === 'open' ? 'no reasoning kept, so that the model reasons anew' : 'no reasoning at all';
  const end = close === 'open' ? 'but left open' : 'and closed';
  if (keep.unit === 'steps') return `the first ${keep.value} steps of the reasoning kept ${end}`;
  if (keep.unit === 'offset') return `the first ${keep.value} characters of the reasoning kept ${end}`;
  if (keep.value === 1) return `the whole reasoning kept ${end}`;
  return `the first ${Math.round(keep.value * 1000) / 10}% of the reasoning’s tokens kept ${end}`;
}

/** `the reasoning edited (drop, step: 3) and closed`. */
function rewritingPhrase({ id, params = {}, close }: TraceEditSpec): string {
  const values = Object.entries(params).map(([name, value]) => `${name}: ${value}`);
  return `the reasoning edited (${[id, ...values].join(', ')}) ${close === 'open' ? 'and left open' : 'and closed'}`;
}

/** What is done to an example and how its answer is read. */
export function conditionPhrase(condition: Condition): string {
  const read =
    condition.readout === 'forced' ? 'the options are scored exactly' : 'the text is continued and its answer read';
  return `${promptPhrase(condition)}; ${tracePhrase(condition.traceEdit)}; ${read}`;
}
