// Owns what a run will cost before it runs: tokens, from the plans of its first examples; time, from two short evaluations by its model.
// Must not know how a backend evaluates; every figure is an estimate and is named so.
import type { Backend, Job, Leaf } from '../backends/backend';
import type { Example } from '../domain/example';
import type { ExampleId } from '../domain/ids';
import { growTokenTree } from '../lm/tokenTree';
import type { ModelText } from '../text/modelText';
import type { RunEstimate } from './contract';
import { whyUnusable } from './examplePlanning';
import { standIns } from './materials';
import { type ExamplePlan, planExample } from './plan';
import { type PreparedRun, plannedExamples } from './prepareRun';
import { checkedTokens } from './traceCheck';

/** Examples whose plans stand for all, unless somebody wants all of them counted. */
const sampled = 16;

export type JobCost = {
  /** Continuations and forced answers. */
  readonly requests: number;
  /** Tokens, if every leaf and sample were evaluated on its own from its first token. */
  readonly asked: number;
  /** Distinct tokens that are read, each prefix once. */
  readonly read: number;
  /** Tokens that are generated, about. */
  readonly written: number;
  /** Generated tokens of the longest request: steps that cannot be taken at once. */
  readonly steps: number;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** @param writtenTokens tokens that a continued leaf is expected to generate in one sample. */
export function jobCost(job: Job, writtenTokens: (leaf: Leaf) => number): JobCost {
  const scored = job.leaves.flatMap(({ ids, readout }) =>
    readout.kind === 'forced' ? readout.options.map((option) => [...ids, ...option.ids]) : [],
  );
  const forced = job.leaves.map(({ ids, readout }) =>
    readout.kind === 'forced' ? job.prompt.length + ids.length + sum(readout.options.map((one) => one.ids.length)) : 0,
  );
  const continued = job.leaves.filter(({ readout }) => readout.kind === 'continued');
  const lengths = continued.flatMap((leaf) => leaf.streams.map(() => writtenTokens(leaf)));
  const beginnings = continued.flatMap((leaf) => leaf.streams.map(() => job.prompt.length + leaf.ids.length));
  return {
    requests: job.leaves.length - continued.length + lengths.length,
    asked: sum(forced) + sum(beginnings) + sum(lengths),
    read: job.prompt.length + growTokenTree([...scored, ...continued.map(({ ids }) => ids)]).size,
    written: sum(lengths),
    steps: Math.max(0, ...lengths),
  };
}

/** What the recorded turn says after the cut is what is expected of the new one. */
function expectedTokens(example: Example, plan: ExamplePlan, model: ModelText): (leaf: Leaf) => number {
  const answerTokens = model.encode(example.trace.answerText).ids.length + 1;
  const cuts = new Map<string, ExamplePlan['cuts'][keyof ExamplePlan['cuts']]>(Object.entries(plan.cuts));
  return ({ key, readout }) => {
    const cut = cuts.get(key);
    const remaining = cut !== undefined && cut.removedClosing !== '' ? cut.n - cut.k : 0;
    return Math.min(readout.kind === 'continued' ? readout.maxTokens : 0, answerTokens + remaining);
  };
}

/**
 * @param most plans so many examples and takes them for all; where there are fewer, those that can be run are counted
 * @throws UserError as a run would; CancelledError when the signal fires.
 */
export async function estimateRun(prepared: PreparedRun, signal: AbortSignal, most = sampled): Promise<RunEstimate> {
  const { manifest, setup, loaded } = prepared;
  const costs: JobCost[] = [];
  let firstJob: Job | null = null;
  let isAll = true;
  const met = new Set<ExampleId>();
  for await (const { example, reader } of plannedExamples(prepared)) {
    isAll = costs.length < most && !signal.aborted;
    if (!isAll) break;
    if (met.has(example.id) || whyUnusable(example, setup.options) !== null) continue;
    met.add(example.id);
    const plan = planned(() => planExample(example, { ...setup, reader }, standIns(example, setup)));
    if (plan === null) continue;
    firstJob ??= plan.job;
    const cost = jobCost(plan.job, expectedTokens(example, plan, setup.model));
    const checked = checkedTokens(example, { model: setup.model, backend: loaded.backend });
    costs.push({ ...cost, read: cost.read + checked });
  }
  const speed = firstJob === null ? null : await measureSpeed(loaded.backend, firstJob, signal);
  const examples = isAll ? costs.length : manifest.plannedCount;
  return scaled(costs, examples, { speed, lanes: loaded.backend.maxInFlight });
}

/** An example that cannot be planned is skipped by the run, too, which says why. */
function planned(make: () => ExamplePlan): ExamplePlan | null {
  try {
    return make();
  } catch {
    return null;
  }
}

type Speed = { readonly readMs: number; readonly stepMs: number };

const probeTokens = 48;
const probeSteps = 4;

/** Wall time per token read and per step, of this model on this machine as busy as it is now. */
async function measureSpeed(backend: Backend, { prompt, leaves }: Job, signal: AbortSignal): Promise<Speed | null> {
  const ids = [...prompt, ...(leaves[0]?.ids ?? [])];
  if (ids.length < probeTokens + 2) return null;
  const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0 };
  const timed = async (start: number, maxTokens: number): Promise<number> => {
    const readout = { kind: 'continued', maxTokens, stopTexts: [] } as const;
    const leaf: Leaf = { key: 'probe', ids: [ids[start + probeTokens]!], readout, sampling, streams: ['probe'] };
    const startedMs = performance.now();
    for await (const _ of backend.run({ prompt: ids.slice(start, start + probeTokens), leaves: [leaf] }, signal));
    return performance.now() - startedMs;
  };
  await timed(0, 1);
  // Begins one token later than the call before: nothing of its prefix is held.
  const readMs = (await timed(1, 1)) / (probeTokens + 1);
  const stepMs = Math.max(readMs, ((await timed(0, 1 + probeSteps)) - readMs * (probeTokens + 1)) / probeSteps);
  return { readMs, stepMs };
}

/** A row in a wave of many costs about this much of a row that is read. */
const rowInWave = 1.5;

type Scale = { readonly speed: Speed | null; readonly lanes: number };

function scaled(costs: readonly JobCost[], examples: number, { speed, lanes }: Scale): RunEstimate {
  const mean = (pick: (cost: JobCost) => number): number => sum(costs.map(pick)) / Math.max(1, costs.length);
  const total = (pick: (cost: JobCost) => number): number => Math.round(mean(pick) * examples);
  const costMs = ({ read, written, steps }: JobCost): number =>
    speed === null ? 0 : read * speed.readMs + Math.max(steps * speed.stepMs, written * speed.readMs * rowInWave);
  return {
    examples,
    requests: total(({ requests }) => requests),
    tokensAsked: total(({ asked }) => asked),
    tokensRead: total(({ read }) => read),
    tokensWritten: total(({ written }) => written),
    etaMs: speed === null || costs.length === 0 ? null : total(costMs) / lanes,
  };
}
