// Owns how one example and the run's conditions become one job: which ids, cut where, read out how.
// Pure but for the model's text side; must not know files, logs or scheduling.
import type { AnswerReader } from '../answers/answer';
import type { Job, Leaf } from '../backends/backend';
import type { Condition } from '../domain/condition';
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import { type ConditionId, canonicalJson } from '../domain/ids';
import type { Material } from '../domain/material';
import type { CaveatId, CutRecord, PromptChange, RunSpec } from '../domain/run';
import { bodyEnd } from '../domain/trace';
import { idsAfterCut } from '../text/continuation';
import type { ModelText } from '../text/modelText';
import { type Cutting, cuttingsOf, findPromptEdit } from './cutting';
import { forcedAnswer } from './forcedAnswer';
import { planCaveats } from './planCaveats';

export type PlanSetup = {
  readonly conditions: readonly Condition[];
  readonly options: readonly string[];
  readonly reader: AnswerReader;
  readonly model: ModelText;
  readonly contextTokens: number;
  /** Leaves carry their conversation, for servers that take no ids. */
  readonly needsChat?: boolean;
  readonly spec: Pick<RunSpec, 'samples' | 'sampling' | 'seed' | 'maxTokens'>;
};

export type ExamplePlan = {
  readonly job: Job;
  readonly cuts: Readonly<Record<ConditionId, CutRecord>>;
  readonly caveats: Readonly<Record<ConditionId, readonly CaveatId[]>>;
  /** Conditions that cannot be made of this example, and why. */
  readonly omitted: Readonly<Record<ConditionId, string>>;
  /** Conditions whose outcome is known to be unreadable before the model is asked, and why. */
  readonly unreadable: Readonly<Record<ConditionId, string>>;
  /** By canonical JSON of a prompt edit: the value of its attribute that the prompt names. */
  readonly levels: Readonly<Record<string, string>>;
  /** By canonical JSON of a prompt edit that a model wrote: what it changed. */
  readonly prompts: Readonly<Record<string, readonly PromptChange[]>>;
  /** Of each condition that the job has a leaf of. */
  readonly cuttings: ReadonlyMap<ConditionId, Cutting>;
};

/** @throws UserError when a sequence does not fit the model's context, or a condition names an unknown edit. */
export function planExample(
  example: Example,
  setup: PlanSetup,
  materials: ReadonlyMap<string, Material> = new Map(),
): ExamplePlan {
  const { options, model, spec } = setup;
  const cuttingFor = cuttingsOf(example, { options, model, seed: spec.seed, materials });
  const cuts: Record<ConditionId, CutRecord> = {};
  const caveats: Record<ConditionId, readonly CaveatId[]> = {};
  const omitted: Record<ConditionId, string> = {};
  const unreadable: Record<ConditionId, string> = {};
  const levels: Record<string, string> = {};
  const prompts: Record<string, readonly PromptChange[]> = {};
  const cuttings = setup.conditions.flatMap((condition): readonly Planned[] => {
    const cutting = cuttingFor(condition);
    const leaf = 'cut' in cutting ? leafOrReason(example, setup, cutting) : cutting;
    if (!('cut' in cutting) || !('ids' in leaf)) {
      if ('omitted' in leaf) omitted[condition.id] = leaf.omitted;
      else if ('unreadable' in leaf) unreadable[condition.id] = leaf.unreadable;
      return [];
    }
    cuts[condition.id] = cutting.cut;
    caveats[condition.id] = planCaveats(example, cutting);
    const { level, replacements } = cutting.edit;
    const edit = canonicalJson(condition.promptEdit);
    if (level !== undefined) levels[edit] = level;
    if (findPromptEdit(condition.promptEdit.id).needs) prompts[edit] = replacements;
    return [{ cutting, leaf }];
  });
  const job = sharePrompt(cuttings.map(({ leaf }) => leaf));
  const byCondition = new Map(cuttings.map(({ cutting }) => [cutting.condition.id, cutting]));
  return { job, cuts, caveats, omitted, unreadable, levels, prompts, cuttings: byCondition };
}

type Planned = { readonly cutting: Cutting; readonly leaf: Leaf };

const streamKey = (setup: PlanSetup, example: Example, at: { condition: ConditionId; sample: number }): string =>
  `${setup.spec.seed}/${example.id}/${at.condition}/${at.sample}`;

/** An edit may make a trace longer than the context; that leaves out the condition, not the example. */
function leafOrReason(example: Example, setup: PlanSetup, cutting: Cutting): Leaf | { readonly omitted: string } {
  if (cutting.cut.changes === undefined) return leafFor(example, setup, cutting);
  try {
    return leafFor(example, setup, cutting);
  } catch (error) {
    if (error instanceof UserError) return { omitted: error.message };
    throw error;
  }
}

function leafFor(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const leaf = cutting.condition.readout === 'forced' ? forcedLeaf : continuedLeaf;
  const built = leaf(example, setup, cutting);
  const { readout } = built;
  const further = readout.kind === 'forced' ? Math.max(...readout.options.map((option) => option.ids.length)) : 1;
  if (built.ids.length + further > setup.contextTokens) {
    throw new UserError(`it does not fit the model's context of ${setup.contextTokens} tokens`);
  }
  return setup.needsChat ? { ...built, chat: chatOf(built.ids, setup, cutting) } : built;
}

/** The edited conversation, and the recorded turn as far as the leaf's ids go. */
function chatOf(ids: readonly number[], setup: PlanSetup, { turn, edit }: Cutting): NonNullable<Leaf['chat']> {
  const { reasoningStart, frame } = turn;
  const turnStart = reasoningStart - frame.open.length - frame.before.length;
  return { messages: edit.messages, prefix: setup.model.decode(ids).slice(turnStart) };
}

/** Ids of the kept text followed by `suffix`: untouched tokens are those of the whole. */
function cutIds(cutting: Cutting, model: ModelText, suffix: string): ReturnType<typeof idsAfterCut> {
  const { turn } = cutting;
  return idsAfterCut(turn.encoding, { text: turn.text, keptEnd: keptEndOf(cutting), suffix }, model.encodeAfter);
}

/** Where the kept text ends, in the turn's text. */
const keptEndOf = ({ turn, cut }: Cutting): number => turn.reasoningStart + cut.offset;

function forcedLeaf(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const { turn } = cutting;
  const scored = forcedAnswer(example, { turn, keptEnd: keptEndOf(cutting), options: setup.options }, setup.model);
  const key = cutting.condition.id;
  const streams = [streamKey(setup, example, { condition: key, sample: 0 })];
  const readout = { kind: 'forced', options: scored.options } as const;
  return { key, ids: scored.ids, readout, sampling: setup.spec.sampling, streams };
}

function continuedLeaf(example: Example, setup: PlanSetup, cutting: Cutting): Leaf {
  const { turn, reasoning } = cutting;
  const { id, traceEdit } = cutting.condition;
  const open = traceEdit.close === 'open';
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
