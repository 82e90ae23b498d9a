// Owns how one example and the run's conditions become one job: which ids, cut where, read out how; and how the backend's events become results.
// Pure but for the model's text side; must not know files, logs or scheduling.
import type { AnswerReader } from '../answers/answer';
import type { Job, Leaf, LeafEvent } from '../backends/backend';
import type { Condition } from '../domain/condition';
import type { Example, Message } from '../domain/example';
import { UserError } from '../domain/failure';
import type { ConditionId } from '../domain/ids';
import type { CaveatId, CutRecord, RunSpec, SampleResult } from '../domain/run';
import { bodyEnd } from '../domain/trace';
import { promptEdits, traceEdits } from '../interventions';
import type { PromptEditResult } from '../interventions/intervention';
import { idsAfterCut } from '../text/continuation';
import type { ModelText } from '../text/modelText';
import { forcedAnswer } from './forcedAnswer';
import { planCaveats } from './planCaveats';
import { readContinuation } from './readOutcome';
import { gridOf, layTurn, type Turn } from './turn';

export type PlanSetup = {
  readonly conditions: readonly Condition[];
  readonly options: readonly string[];
  readonly reader: AnswerReader;
  readonly model: ModelText;
  readonly contextTokens: number;
  readonly spec: Pick<RunSpec, 'samples' | 'sampling' | 'seed' | 'maxTokens'>;
};

export type ExamplePlan = {
  readonly job: Job;
  readonly cuts: Readonly<Record<ConditionId, CutRecord>>;
  readonly caveats: Readonly<Record<ConditionId, readonly CaveatId[]>>;
  /** By condition, because a template may frame the same turn otherwise after another prompt. */
  readonly closeTags: Readonly<Record<ConditionId, string>>;
};

type Prepared = { readonly edit: PromptEditResult; readonly turn: Turn };
type Cutting = { readonly prepared: Prepared; readonly cut: CutRecord; readonly condition: Condition };

/** @throws UserError when a sequence does not fit the model's context, or a condition names an unknown edit. */
export function planExample(example: Example, setup: PlanSetup): ExamplePlan {
  const prepared = new Map<string, Prepared>();
  const cuts: Record<ConditionId, CutRecord> = {};
  const caveats: Record<ConditionId, readonly CaveatId[]> = {};
  const closeTags: Record<ConditionId, string> = {};
  const leaves = setup.conditions.map((condition) => {
    const cutting = cutFor({ example, setup, condition, prepared });
    cuts[condition.id] = cutting.cut;
    closeTags[condition.id] = cutting.prepared.turn.frame.close;
    caveats[condition.id] = planCaveats(example, condition, { cut: cutting.cut, edit: cutting.prepared.edit });
    return leafFor(example, setup, cutting);
  });
  return { job: sharePrompt(leaves), cuts, caveats, closeTags };
}

/** The messages of an example under a condition's prompt edit. */
export function editPrompt(messages: readonly Message[], condition: Pick<Condition, 'promptEdit'>): PromptEditResult {
  const edit = promptEdits.find((one) => one.descriptor.id === condition.promptEdit.id);
  if (!edit) throw new UserError(`There is no prompt edit "${condition.promptEdit.id}".`);
  return edit.apply(messages, condition.promptEdit.params);
}

type CutRequest = {
  readonly example: Example;
  readonly setup: PlanSetup;
  readonly condition: Condition;
  readonly prepared: Map<string, Prepared>;
};

function cutFor({ example, setup, condition, prepared }: CutRequest): Cutting {
  const key = JSON.stringify(condition.promptEdit);
  const known = prepared.get(key) ?? prepare(example, setup, condition);
  prepared.set(key, known);
  const { traceEdit: spec } = condition;
  const edit = traceEdits.find((one) => one.descriptor.id === spec.id);
  if (!edit) throw new UserError(`There is no trace edit "${spec.id}".`);
  const { reasoning } = example.trace;
  const cut = edit.apply(gridOf(known.turn, reasoning), spec);
  const removedClosing = spec.close === 'open' ? reasoning.slice(bodyEnd(reasoning)) + known.turn.frame.close : '';
  return { prepared: known, cut: { ...cut, removedClosing }, condition };
}

function prepare(example: Example, setup: PlanSetup, condition: Condition): Prepared {
  const edit = editPrompt(example.messages, condition);
  return { edit, turn: layTurn(example, edit.messages, setup.model) };
}

const streamKey = (setup: PlanSetup, example: Example, at: { condition: ConditionId; sample: number }): string =>
  `${setup.spec.seed}/${example.id}/${at.condition}/${at.sample}`;

function leafFor(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const leaf = cutting.condition.readout === 'forced' ? forcedLeaf : continuedLeaf;
  const built = leaf(example, setup, cutting);
  const { readout } = built;
  const further = readout.kind === 'forced' ? Math.max(...readout.options.map((option) => option.ids.length)) : 1;
  if (built.ids.length + further > setup.contextTokens) {
    throw new UserError(`it does not fit the model's context of ${setup.contextTokens} tokens`);
  }
  return built;
}

/** Ids of the kept text followed by `suffix`: untouched tokens are those of the whole. */
function cutIds(cutting: Cutting, model: ModelText, suffix: string): ReturnType<typeof idsAfterCut> {
  const { turn } = cutting.prepared;
  const keptEnd = turn.reasoningStart + cutting.cut.offset;
  return idsAfterCut(turn.encoding, { text: turn.text, keptEnd, suffix }, model.encodeAfter);
}

function forcedLeaf(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const { turn } = cutting.prepared;
  const keptEnd = turn.reasoningStart + cutting.cut.offset;
  const scored = forcedAnswer(example, { turn, keptEnd, options: setup.options }, setup.model);
  const key = cutting.condition.id;
  const streams = [streamKey(setup, example, { condition: key, sample: 0 })];
  const readout = { kind: 'forced', options: scored.options } as const;
  return { key, ids: scored.ids, readout, sampling: setup.spec.sampling, streams };
}

function continuedLeaf(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const { turn } = cutting.prepared;
  const { id, traceEdit } = cutting.condition;
  const open = traceEdit.close === 'open';
  const { reasoning } = example.trace;
  const suffix = open ? '' : reasoning.slice(bodyEnd(reasoning)) + turn.frame.close;
  const { ids, keptIds } = cutIds(cutting, setup.model, suffix);
  const endTag = /^\s*(<\/[^>\s]{1,40}>)/.exec(turn.afterAnswer)?.[1];
  const room = Math.max(1, setup.contextTokens - ids.length);
  const samples = setup.spec.sampling.temperature === 0 ? 1 : setup.spec.samples;
  return {
    key: id,
    ids,
    readout: {
      kind: 'continued',
      maxTokens: Math.min(setup.spec.maxTokens, room),
      stopTexts: endTag === undefined ? [] : [endTag],
    },
    sampling: setup.spec.sampling,
    streams: Array.from({ length: samples }, (_, sample) => streamKey(setup, example, { condition: id, sample })),
    draft: keptIds === ids.length ? turn.encoding.ids.slice(keptIds) : [],
  };
}

/** Puts what all leaves begin with into the job's prompt; every leaf keeps at least one id of its own. */
function sharePrompt(leaves: readonly Leaf[]): Job {
  const [first] = leaves;
  if (!first) return { prompt: [], leaves: [] };
  const limit = Math.min(...leaves.map((leaf) => leaf.ids.length)) - 1;
  let shared = 0;
  while (shared < limit && leaves.every((leaf) => leaf.ids[shared] === first.ids[shared])) shared += 1;
  return {
    prompt: first.ids.slice(0, shared),
    leaves: leaves.map((leaf) => ({ ...leaf, ids: leaf.ids.slice(shared) })),
  };
}

/** The same condition once more, on its own and without a draft: greedy shows numerical noise, sampled a second draw. */
export function redrawJobs(plan: ExamplePlan): readonly Job[] {
  return plan.job.leaves.map((leaf) => {
    const { draft: _, ...plain } = leaf;
    const streams = leaf.streams.slice(0, 1).map((stream) => `${stream}/redraw`);
    return { prompt: plan.job.prompt, leaves: [{ ...plain, streams }] };
  });
}

/** What a backend's event says about a condition; `null` for events that are no results. */
export function resultOf(event: LeafEvent, plan: ExamplePlan, setup: PlanSetup): SampleResult | null {
  if (event.type === 'scored') return forcedResult(event, setup);
  if (event.type !== 'continued') return null;
  const condition = setup.conditions.find((one) => one.id === event.leaf);
  if (!condition) return null;
  const { text, finish } = event;
  const close = condition.traceEdit.close;
  const closeTag = plan.closeTags[condition.id] ?? '';
  const read = readContinuation({ text, finish, close, closeTag }, setup.reader, setup.options);
  return {
    condition: condition.id,
    sample: event.sample,
    ...read,
    text,
    tokens: event.ids.length,
    finish,
    probabilities: null,
    minMargin: event.minMargin,
  };
}

function forcedResult(event: Extract<LeafEvent, { type: 'scored' }>, setup: PlanSetup): SampleResult {
  const best = event.logProbs.indexOf(Math.max(...event.logProbs));
  const option = setup.options[best] ?? '';
  return {
    condition: event.leaf as ConditionId,
    sample: 0,
    outcome: { kind: 'option', option },
    text: option,
    tokens: 0,
    finish: 'forced',
    wentOn: false,
    probabilities: event.logProbs.map(Math.exp),
    minMargin: event.minMargin,
  };
}
