// Owns how a backend's events become results: which option was scored best, which answer stands in the regenerated text.
// Must not know how the job was planned or evaluated.
import type { LeafEvent } from '../backends/backend';
import type { Outcome } from '../domain/example';
import type { ConditionId } from '../domain/ids';
import type { SampleResult } from '../domain/run';
import type { ExamplePlan, PlanSetup } from './plan';
import { readContinuation } from './readOutcome';

/** What a backend's event says about a condition; `null` for events that are no results. */
export function resultOf(event: LeafEvent, plan: ExamplePlan, setup: PlanSetup): SampleResult | null {
  if (event.type === 'scored' || event.type === 'chosen') return forcedResult(event, plan, setup);
  if (event.type !== 'continued') return null;
  const cutting = plan.cuttings.get(event.leaf as ConditionId);
  if (!cutting) return null;
  const { condition, turn, edit } = cutting;
  const { text, finish } = event;
  const close = condition.traceEdit.close;
  const closeTag = turn.frame.close;
  const { outcome, wentOn } = readContinuation({ text, finish, close, closeTag }, setup.reader, setup.options);
  return {
    condition: condition.id,
    sample: event.sample,
    outcome: meant(outcome, edit.answerNames, setup.options),
    wentOn,
    text,
    tokens: event.ids.length,
    finish,
    probabilities: null,
    minMargin: event.minMargin,
  };
}

type AnswerNames = ReadonlyMap<string, string> | undefined;

/** What was answered, under the name that the record has for it. */
function meant(outcome: Outcome, names: AnswerNames, options: readonly string[]): Outcome {
  return outcome.kind === 'option' ? { kind: 'option', option: meaningOf(outcome.option, names, options) } : outcome;
}

/** Edits name letters; records write them as `B`, `b`, `(B)` or `B.`. An option in words keeps its meaning wherever it stands. */
function meaningOf(option: string, names: AnswerNames, options: readonly string[]): string {
  const letter = letterOf(option);
  const meaning = letter === null ? undefined : names?.get(letter);
  return meaning === undefined ? option : (options.find((one) => letterOf(one) === meaning) ?? meaning);
}

/** The letter that an option is, however it is written; `null` for one in words. */
export const letterOf = (option: string): string | null =>
  /^[^\p{L}\p{N}]*(\p{L})[^\p{L}\p{N}]*$/u.exec(option)?.[1]?.toUpperCase() ?? null;

const tooFewScores = 'the server tells too few log-probabilities to score the options, and could not be made to choose';

function forcedResult(
  event: Extract<LeafEvent, { type: 'scored' | 'chosen' }>,
  plan: ExamplePlan,
  setup: PlanSetup,
): SampleResult {
  const condition = event.leaf as ConditionId;
  const isScored = event.type === 'scored';
  const best = isScored ? bestOf(event.logProbs) : event.option;
  if (best === null) return { ...unreadableResult(condition, tooFewScores), finish: 'forced' };
  const option = setup.options[best] ?? '';
  const names = plan.cuttings.get(condition)?.edit.answerNames;
  return {
    condition,
    sample: 0,
    outcome: meant({ kind: 'option', option }, names, setup.options),
    text: option,
    tokens: 0,
    finish: 'forced',
    wentOn: false,
    probabilities: isScored ? byMeaning(event.logProbs.map(Math.exp), setup.options, names) : null,
    minMargin: isScored ? event.minMargin : null,
  };
}

/** `null` where every option is impossible: then the first is no better than the others. */
function bestOf(logProbs: readonly number[]): number | null {
  const highest = Math.max(...logProbs);
  return Number.isFinite(highest) ? logProbs.indexOf(highest) : null;
}

/** Probabilities of the options as scored, in the order of what each means. */
function byMeaning(
  probabilities: readonly number[],
  options: readonly string[],
  names: AnswerNames,
): readonly number[] {
  if (!names) return probabilities;
  const meanings = options.map((option) => meaningOf(option, names, options));
  return options.map((option) => probabilities[meanings.indexOf(option)] ?? 0);
}

/** The result of a condition for which the model was not asked: what it needed did not come. */
export const unreadableResult = (condition: ConditionId, reason: string): SampleResult => ({
  condition,
  sample: 0,
  outcome: { kind: 'unreadable', reason },
  text: '',
  tokens: 0,
  finish: 'stop',
  wentOn: false,
  probabilities: null,
  minMargin: null,
});
