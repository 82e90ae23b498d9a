// Owns everything that the diff of one example under one condition shows, gathered from the run's log and the trace file.
// Must not know how it is drawn.
import type { Comparison, OutcomeOrder } from '../domain/comparison';
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { type ConditionId, canonicalJson, type ExampleId, exampleId } from '../domain/ids';
import type { RunEvent, RunManifest, RunSpec, SampleResult } from '../domain/run';
import { type ExampleState, emptyRunState, foldRun } from '../domain/runState';
import type { PromptEditResult } from '../interventions/intervention';
import { substitute } from '../interventions/substitution';
import { readEvents } from '../store/runLog';
import { editPrompt } from './cutting';
import { openKnownFile } from './fileQueries';
import { controlConditionOf } from './outcomeOrder';
import type { RowPlace, RunList } from './runList';
import { optionOf } from './summary';

export type ComparisonQuery = {
  readonly dir: string;
  readonly example: ExampleId;
  readonly condition: ConditionId;
  /** In which the neighboring flips are; left out: that of the file. */
  readonly order?: OutcomeOrder;
};

/** A run, and one of its examples. */
export type ComparedExample = {
  readonly dir: string;
  readonly manifest: RunManifest;
  readonly state: ExampleState;
  readonly flips: Comparison['flips'];
};

/** @throws UserError when the condition is not in the run, or the file no longer holds the example. */
export async function compareExample(
  { dir, manifest, state, flips }: ComparedExample,
  wanted: ConditionId,
): Promise<Comparison> {
  const { conditions } = manifest;
  const condition = conditions.find((one) => one.id === wanted);
  if (!condition) throw isGone();
  const example = await readExample(state, manifest.spec.mapping);
  const events = readEvents(dir, { start: state.logStart, end: state.logEnd });
  const edited = promptUnder(example, condition, startOf(events, state.example));
  const at = { example: state.example, condition: wanted };
  return {
    example,
    ordinal: state.ordinal,
    title: state.title,
    flips,
    cut: cutOf(events, at),
    recorded: state.recorded,
    results: resultsOf(events, at),
    siblings: conditions.map((one) => siblingOf(state, one)),
    controlProbabilities: controlOf(state, condition, conditions),
    promptReplacements: edited.replacements.map(({ message, range, was, is }) => ({ message, ...range, was, is })),
    editedMessages: edited.messages,
  };
}

const isGone = (): UserError => new UserError('This example is not in that run any more; open the run again.');

/** What the log says of a closed example, folded from its part of the log alone. @throws UserError when the run has no such example. */
export function stateOf({ dir, example }: ComparisonQuery, list: RunList): ExampleState {
  const index = list.indexOf(example);
  if (index < 0) throw isGone();
  const [start, end] = [list.columns.starts[index]!, list.columns.ends[index]!];
  const state = emptyRunState();
  for (const event of readEvents(dir, { start, end })) foldRun(state, event, { start, end });
  const found = state.examples.get(example);
  if (!found) throw isGone();
  return found;
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

/** The example's neighbors among the flips; one that did not flip stands where it would in the order. */
export function flipsAround(list: RunList, { example, condition, order }: ComparisonQuery): Comparison['flips'] {
  const flipped = list.rows({ condition, show: 'flipped', ...(order && { sort: order }) }, new Map());
  const own = { index: list.indexOf(example), condition };
  const compare = list.order(order);
  const index = flipped.findIndex((place) => place.index === own.index);
  const idOf = (place: RowPlace | undefined): ExampleId | null =>
    place ? exampleId(list.columns.ids()[place.index]!) : null;
  return {
    index: index < 0 ? null : index,
    count: flipped.length,
    previous: idOf(flipped.filter((place) => compare(place, own) < 0).at(-1)),
    next: idOf(flipped.find((place) => compare(place, own) > 0)),
  };
}

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
