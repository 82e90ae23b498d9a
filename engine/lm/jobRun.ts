// Owns running one job on one model: what is evaluated, what is reported, what it cost. Must not know threads or processes.
import { throwIfCancelled, UserError } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import type { OutputText } from '../text/outputText';
import { runAlone } from './aloneRun';
import {
  type Branch,
  type JobParts,
  optionMargin,
  partsOf,
  type Scoring,
  type Writing,
  writingBranch,
} from './branches';
import type { CallLimits } from './chunks';
import type { Forward } from './forward';
import type { HeldPrefix } from './heldPrefix';
import { runRewinding } from './rewindRun';
import { runTree } from './treeRun';

/** A model that is ready to run jobs, one at a time. */
export type LoadedModel = {
  readonly forward: Forward;
  readonly text: OutputText;
  readonly contextTokens: number;
  /** Slots that the cache may have: what the graph and the memory setting allow. */
  readonly slotLimit: number;
  readonly callLimits: CallLimits;
  /** False: a token's result depends on what else is in its call, so every text is evaluated alone. */
  readonly reusesPrefixes: boolean;
  readonly held: HeldPrefix;
};

/** A readout to evaluate. `branches` is asked again each time: what a continuation wrote is part of its next branch. */
export type Task = {
  readonly writing: Writing | null;
  readonly branches: () => readonly Branch[];
  /** Its branches were all read. */
  readonly evaluated: () => void;
  readonly isDone: () => boolean;
};

export type RunContext = {
  readonly forward: Forward;
  readonly held: HeldPrefix;
  readonly slotLimit: number;
  readonly limits: CallLimits;
  readonly checkpoint: () => Promise<void>;
  readonly spent: (rows: number) => void;
  readonly wrote: (writing: Writing, text: string) => void;
};

export type JobHooks = {
  readonly emit: (event: LeafEvent) => void;
  readonly signal: AbortSignal;
  /** Awaited between two calls of the network: room for others, who must use a cache of their own. */
  readonly betweenCalls?: () => Promise<void>;
};

/** @throws UserError when a sequence is too long; CancelledError between two calls of the network. */
export async function runJob(model: LoadedModel, job: Job, hooks: JobHooks): Promise<void> {
  const { emit, signal, betweenCalls } = hooks;
  const { forward, text, contextTokens, slotLimit, callLimits, held } = model;
  const { vocabSize } = forward;
  const parts = partsOf(job, text, { contextTokens, vocabSize });
  let tokensEvaluated = 0;
  const wrote = (writing: Writing, text: string): void => reportWriting(writing, text, emit);
  const context: RunContext = {
    forward,
    held,
    slotLimit,
    limits: callLimits,
    checkpoint: async () => {
      throwIfCancelled(signal);
      await betweenCalls?.();
    },
    spent: (rows) => {
      tokensEvaluated += rows;
    },
    wrote,
  };
  throwIfCancelled(signal);
  const tasks = [
    ...parts.scorings.map((scoring) => scoringTask(scoring, emit)),
    ...parts.writings.map((writing) => writingTask(writing, { vocabSize, wrote: (text) => wrote(writing, text) })),
  ];
  const run = !model.reusesPrefixes ? runAlone : forward.hidesSlots ? runTree : runRewinding;
  await run(tasks, context);
  emit({ type: 'spent', tokensEvaluated, tokensAsked: tokensAsked(parts) });
}

function scoringTask(scoring: Scoring, emit: JobHooks['emit']): Task {
  let done = false;
  const evaluated = (): void => {
    done = true;
    const { leaf, logProbs } = scoring;
    if (logProbs.some(Number.isNaN))
      throw new UserError(
        'The model computed scores that are not numbers. Its weights are damaged or overflow in this precision; use an fp32 export.',
      );
    emit({ type: 'scored', leaf: leaf.key, logProbs, minMargin: optionMargin(logProbs) });
  };
  return { writing: null, branches: () => scoring.branches, evaluated, isDone: () => done };
}

function writingTask(writing: Writing, options: Parameters<typeof writingBranch>[1]): Task {
  const { continuation } = writing;
  return {
    writing,
    branches: () => [writingBranch(writing, options)],
    evaluated: () => undefined,
    isDone: () => continuation.finish !== null,
  };
}

function reportWriting({ continuation }: Writing, text: string, emit: JobHooks['emit']): void {
  const { leaf, sample, ids, finish, minMargin } = continuation;
  if (text !== '') emit({ type: 'text', leaf: leaf.key, sample, text });
  if (finish !== null)
    emit({ type: 'continued', leaf: leaf.key, sample, ids, text: continuation.text, finish, minMargin });
}

/** What evaluating every leaf and sample on its own, from the first token, would have cost. */
function tokensAsked({ scorings, writings }: JobParts): number {
  let total = 0;
  for (const { branches } of scorings) {
    const [first] = branches;
    if (first !== undefined) total += first.readFrom;
    for (const { ids, readFrom } of branches) total += ids.length - readFrom;
  }
  for (const { base, continuation } of writings) total += base.length + continuation.ids.length;
  return total;
}
