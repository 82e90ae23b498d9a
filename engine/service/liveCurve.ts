// Owns the live decision curves of one trace: forced answers after each of its steps, the whole trace first, a few cuts a job so that they
// stream, can be cancelled and overtake runs at work. Must not know files, logs or editors.
import type { Leaf } from '../backends/backend';
import type { Message } from '../domain/example';
import { throwIfCancelled, UserError } from '../domain/failure';
import { greedy } from '../domain/run';
import { stepsOf } from '../domain/steps';
import type { CurvePrompt, TraceCurvePoint, TraceCurveSpec, TraceCurveSummary } from '../domain/traceCurve';
import type { TraceGrid } from '../interventions/intervention';
import { cutTrace } from '../interventions/keepClose';
import type { LoadedModel } from './backends';
import { editPrompt } from './cutting';
import { editedTurn } from './editedTurn';
import { forcedAnswer } from './forcedAnswer';
import { gridOf, layTurn, type Turn } from './turn';

export type CurveContext = {
  readonly loaded: LoadedModel;
  readonly signal: AbortSignal;
  readonly emit: (points: readonly TraceCurvePoint[]) => void;
};

/** Cuts of one job: few enough that points stream and a newer question waits for little. */
const cutsPerJob = 24;
/** Longer traces are evaluated one prompt after the other, each batch of cuts going on from the cache of the batch before. */
const shortTokens = 1024;

/** A place that a text can be cut at: so many steps, up to this offset of the reasoning. */
type StepEnd = { readonly steps: number; readonly offset: number };
type Side = { readonly prompt: CurvePrompt; readonly turn: Turn; readonly grid: TraceGrid };
type Cut = { readonly point: Omit<TraceCurvePoint, 'probabilities'>; readonly leaf: Leaf };
type Spent = { tokensEvaluated: number; tokensAsked: number };

/** @throws UserError when there are not two answers, or the model cannot be made to answer; CancelledError */
export async function traceCurve(spec: TraceCurveSpec, context: CurveContext): Promise<TraceCurveSummary> {
  const { backend } = context.loaded;
  if (spec.options.length < 2) throw new UserError('There are not two answers to choose between.');
  if (!backend.capabilities.forced) throw new UserError(`${backend.model.id} cannot score answers, only write them.`);
  const reasoning = spec.edited?.reasoning ?? spec.example.trace.reasoning;
  const { sides, swapTouches } = sidesOf(spec, reasoning, context.loaded);
  const ends = stepEnds(reasoning);
  const spent: Spent = { tokensEvaluated: 0, tokensAsked: 0 };
  let tooLong = 0;
  for (const batch of batchesOf(sides, ends, spec.from)) {
    throwIfCancelled(context.signal);
    const cuts = batch.sides.flatMap((side) => batch.ends.map((end) => cutAt(side, end, { spec, context })));
    tooLong += cuts.filter((cut) => cut === null).length;
    await evaluate(
      cuts.filter((cut) => cut !== null),
      context,
      spent,
    );
  }
  const { contextTokens } = backend.capabilities;
  return { steps: ends.length - 1, tooLong, contextTokens, model: backend.model.id, swapTouches, ...spent };
}

function sidesOf(
  { example, edited, swap }: TraceCurveSpec,
  reasoning: string,
  { text }: LoadedModel,
): { readonly sides: readonly Side[]; readonly swapTouches: boolean } {
  const side = (prompt: CurvePrompt, messages: readonly Message[]): Side => {
    const turn = editedTurn(layTurn(example, messages, text), { example, reasoning }, text);
    return { prompt, turn, grid: gridOf(turn, reasoning) };
  };
  const messages = edited?.messages ?? example.messages;
  const kept = side('kept', messages);
  const edit = swap === null ? null : editPrompt(messages, { promptEdit: swap });
  if (!edit || edit.replacements.length === 0) return { sides: [kept], swapTouches: false };
  return { sides: [kept, side('swapped', edit.messages)], swapTouches: true };
}

/** Before the first step, and behind each without the white space that follows it. */
function stepEnds(reasoning: string): readonly StepEnd[] {
  const behind = stepsOf(reasoning).map(({ start, end }, i) => ({
    steps: i + 1,
    offset: start + reasoning.slice(start, end).trimEnd().length,
  }));
  return [{ steps: 0, offset: 0 }, ...behind];
}

type Batch = { readonly sides: readonly Side[]; readonly ends: readonly StepEnd[] };

function* batchesOf(sides: readonly Side[], ends: readonly StepEnd[], from: number): Generator<Batch> {
  yield { sides, ends: ends.slice(-1) };
  const others = ends.slice(0, -1).filter(({ offset }) => offset >= from);
  const isShort = sides.every(({ grid }) => grid.tokenEnds.length <= shortTokens);
  for (const some of isShort ? [sides] : sides.map((side) => [side])) {
    for (let at = 0; at < others.length; at += cutsPerJob)
      yield { sides: some, ends: others.slice(at, at + cutsPerJob) };
  }
}

type Asked = { readonly spec: TraceCurveSpec; readonly context: CurveContext };

/** `null` when the text up to the answer does not fit the model's context. */
function cutAt(side: Side, end: StepEnd, { spec, context }: Asked): Cut | null {
  const { prompt, turn, grid } = side;
  const { loaded } = context;
  const { contextTokens } = loaded.backend.capabilities;
  const keep = { unit: 'offset', value: end.offset } as const;
  const { k, n, offset } = cutTrace(grid, { id: 'keep', keep, close: 'closed' });
  if (k > contextTokens) return null;
  const at = { turn, keptEnd: turn.reasoningStart + offset, options: spec.options };
  const { ids, options } = forcedAnswer(spec.example, at, loaded.text);
  if (ids.length + Math.max(...options.map((option) => option.ids.length)) > contextTokens) return null;
  const key = `${prompt}/${end.steps}`;
  const leaf: Leaf = { key, ids, readout: { kind: 'forced', options }, sampling: greedy, streams: [] };
  return { point: { prompt, steps: end.steps, offset, k, n }, leaf };
}

async function evaluate(cuts: readonly Cut[], context: CurveContext, spent: Spent): Promise<void> {
  if (cuts.length === 0) return;
  const points = new Map(cuts.map(({ leaf, point }) => [leaf.key, point]));
  const job = { prompt: [], leaves: cuts.map(({ leaf }) => leaf), urgent: true };
  const done: TraceCurvePoint[] = [];
  for await (const event of context.loaded.backend.run(job, context.signal)) {
    const point = event.type === 'scored' ? points.get(event.leaf) : undefined;
    if (event.type === 'scored' && point) done.push({ ...point, probabilities: event.logProbs.map(Math.exp) });
    if (event.type !== 'spent') continue;
    spent.tokensEvaluated += event.tokensEvaluated;
    spent.tokensAsked += event.tokensAsked;
  }
  context.emit(done);
}
