// Owns everything that the diff of one example under one condition shows, gathered from the run's log and the trace file.
// Must not know how it is drawn.
import type { Comparison, OutcomeOrder } from '../domain/comparison';
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { type ConditionId, canonicalJson, type ExampleId } from '../domain/ids';
import type { RunEvent, RunSpec, SampleResult } from '../domain/run';
import type { ExampleState } from '../domain/runState';
import type { PromptEditResult } from '../interventions/intervention';
import { substitute } from '../interventions/substitution';
import { type RunFold, readEvents } from '../store/runLog';
import { editPrompt } from './cutting';
import { openKnownFile } from './fileQueries';
import { byOrder, controlConditionOf, dropOf, recordedProbability } from './outcomeOrder';
import { optionOf } from './summary';

export type ComparisonQuery = {
  readonly dir: string;
  readonly example: ExampleId;
  readonly condition: ConditionId;
  /** In which the neighboring flips are; left out: that of the file. */
  readonly order?: OutcomeOrder;
};

/** @throws UserError when the example is not in the run, or its file no longer holds it. */
export async function compareExample(fold: RunFold, at: ComparisonQuery): Promise<Comparison> {
  const { conditions } = fold.manifest;
  const state = fold.state.examples.get(at.example);
  const condition = conditions.find((one) => one.id === at.condition);
  if (!state || !condition) throw new UserError('This example is not in that run any more; open the run again.');
  const example = await readExample(state, fold.manifest.spec.mapping);
  const events = readEvents(at.dir, { start: state.logStart, end: state.logEnd });
  const edited = promptUnder(example, condition, startOf(events, at.example));
  return {
    example,
    ordinal: state.ordinal,
    title: state.title,
    flips: flipsAround(fold, state, { condition, order: at.order }),
    cut: cutOf(events, at),
    recorded: state.recorded,
    results: resultsOf(events, at),
    siblings: conditions.map((one) => siblingOf(state, one)),
    controlProbabilities: controlOf(state, condition, conditions),
    promptReplacements: edited.replacements.map(({ message, range, was, is }) => ({ message, ...range, was, is })),
    editedMessages: edited.messages,
  };
}

/** The prompt of an example under a condition: as the log has what a model wrote, else made again. */
export function promptUnder(
  { messages }: Pick<Example, 'messages'>,
  condition: Condition,
  start: Started | undefined,
): Pick<PromptEditResult, 'messages' | 'replacements'> {
  const recorded = start?.prompts?.[canonicalJson(condition.promptEdit)];
  if (!recorded) return editPrompt(messages, condition);
  return substitute(messages, (_text, index) => recorded.filter(({ message }) => message === index));
}

type Started = Extract<RunEvent, { readonly type: 'exampleStarted' }>;

/** How the log says that the example began. */
export const startOf = (events: readonly RunEvent[], example: ExampleId): Started | undefined =>
  events.filter((event) => event.type === 'exampleStarted').find((event) => event.example === example);

/** The example as its file has it. @throws UserError when the file no longer holds it */
export async function readExample(state: ExampleState, mapping: RunSpec['mapping']): Promise<Comparison['example']> {
  const { source } = state;
  const file = await openKnownFile(source.kind === 'files' ? source.folder : source.file, mapping ? { mapping } : {});
  return file.at(source, state.example);
}

/** Whether any readable sample differs from the recorded answer. */
function isFlipped(state: ExampleState, condition: ConditionId): boolean {
  const options = (state.results.get(condition) ?? []).map(optionOf);
  return options.some((option) => option !== null && option !== state.recorded);
}

/** Of the example's neighbors among the flips; one that did not flip stands where it would in the order. */
function flipsAround({ state: run, manifest }: RunFold, state: ExampleState, at: Asked): Comparison['flips'] {
  const compare = byOrder(at.order);
  const placed = (one: ExampleState) => ({
    example: one.example,
    ordinal: one.ordinal,
    drop: dropOf(one, at.condition, manifest),
    recordedProbability: recordedProbability(one, at.condition.id, manifest.options),
  });
  const closed = [...run.examples.values()].filter((one) => one.logEnd !== null);
  const flipped = closed.filter((one) => isFlipped(one, at.condition.id)).map(placed);
  flipped.sort(compare);
  const own = placed(state);
  const index = flipped.findIndex((one) => one.example === own.example);
  const others = flipped.filter((one) => one.example !== own.example);
  return {
    index: index < 0 ? null : index,
    count: flipped.length,
    previous: others.filter((one) => compare(one, own) < 0).at(-1)?.example ?? null,
    next: others.find((one) => compare(one, own) > 0)?.example ?? null,
  };
}

type Asked = { readonly condition: Condition; readonly order: OutcomeOrder | undefined };

type At = Pick<ComparisonQuery, 'example' | 'condition'>;

function resultsOf(events: readonly RunEvent[], at: At): readonly SampleResult[] {
  const results = events.filter((event) => event.type === 'sampleFinished');
  return results.filter((result) => result.example === at.example && result.condition === at.condition);
}

/** @throws UserError when the edit could not be made of this example, with the reason. */
function cutOf(events: readonly RunEvent[], at: At): Comparison['cut'] {
  const start = startOf(events, at.example);
  const cut = start?.cuts[at.condition];
  if (cut) return cut;
  const omitted = start?.omitted?.[at.condition];
  if (omitted !== undefined) throw new UserError(`This example takes no part in this condition: ${omitted}.`);
  const unreadable = resultsOf(events, at).find(({ outcome }) => outcome.kind === 'unreadable')?.outcome;
  if (unreadable?.kind === 'unreadable') throw new UserError(`There is nothing to compare: ${unreadable.reason}.`);
  throw new UserError('The run does not say where this trace was cut; it was written by another version.');
}

function siblingOf(state: ExampleState, condition: Condition): Comparison['siblings'][number] {
  const first = state.results.get(condition.id)?.[0];
  return { condition: condition.id, alias: condition.alias, outcome: first ? optionOf(first) : null };
}

function controlOf(state: ExampleState, of: Condition, conditions: readonly Condition[]): readonly number[] | null {
  const control = controlConditionOf(of, conditions);
  return (control && state.results.get(control.id)?.[0]?.probabilities) ?? null;
}
