// Owns what one example's trace is to the model that runs: how probable it finds it, whether its template renders the whole prompt, and whether
// its tokenizer gives the ids that the producer wrote. Must not know conditions.
import type { Backend, Job } from '../backends/backend';
import type { Example } from '../domain/example';
import type { TraceCheck } from '../domain/run';
import { bodyEnd } from '../domain/trace';
import type { ModelText } from '../text/modelText';
import { layTurn } from './turn';

export type CheckContext = { readonly model: ModelText; readonly backend: Backend; readonly signal: AbortSignal };

/** @throws CancelledError when the signal fires. */
export async function checkTrace(example: Example, { model, backend, signal }: CheckContext): Promise<TraceCheck> {
  const { before, traceIds } = traceIdsOf(example, model);
  const scored = isScored({ before, traceIds }, backend);
  return {
    tokens: traceIds.length,
    logProb: scored ? await logProbOf(scoringJob(before, traceIds), backend, signal) : null,
    templateLosesText: losesText(example, model),
    sameIds: example.tokenIds && traceIds.length > 0 ? holdsRun(example.tokenIds, traceIds) : null,
  };
}

type TraceIds = { readonly before: readonly number[]; readonly traceIds: readonly number[] };

function traceIdsOf(example: Example, model: ModelText): TraceIds {
  const turn = layTurn(example, example.messages, model);
  const { ids, starts, ends } = turn.encoding;
  const bodyStop = turn.reasoningStart + bodyEnd(example.trace.reasoning);
  const first = ends.findIndex((end) => end > turn.reasoningStart);
  const behind = starts.findIndex((start) => start >= bodyStop);
  if (first < 0) return { before: ids, traceIds: [] };
  return { before: ids.slice(0, first), traceIds: ids.slice(first, behind < 0 ? ids.length : behind) };
}

/** A server that scores only its likeliest tokens cannot score what somebody else wrote. */
function isScored({ before, traceIds }: TraceIds, { capabilities }: Pick<Backend, 'capabilities'>): boolean {
  const fits = before.length + traceIds.length <= capabilities.contextTokens;
  return fits && before.length > 0 && traceIds.length > 0 && capabilities.exact && capabilities.forced;
}

/** Tokens that the check of an example evaluates; its prompt is still held from the example's own job. */
export function checkedTokens(example: Example, { model, backend }: Omit<CheckContext, 'signal'>): number {
  const { capabilities } = backend;
  if (!capabilities.exact || !capabilities.forced) return 0;
  const found = traceIdsOf(example, model);
  return isScored(found, backend) ? found.traceIds.length : 0;
}

/** The trace as the one option of a forced answer: its log-probability is that of all its tokens. */
const scoringJob = (prompt: readonly number[], ids: readonly number[]): Job => ({
  prompt,
  leaves: [
    {
      key: 'trace',
      ids: [],
      readout: { kind: 'forced', options: [{ option: 'trace', ids }] },
      sampling: { temperature: 0, topK: 0, topP: 1, minP: 0 },
      streams: ['trace'],
    },
  ],
});

async function logProbOf(job: Job, backend: Backend, signal: AbortSignal): Promise<number | null> {
  let found: number | null = null;
  for await (const event of backend.run(job, signal)) if (event.type === 'scored') found = event.logProbs[0] ?? null;
  return found !== null && Number.isFinite(found) ? found : null;
}

/** Whether the template leaves out or rewrites what a message says; white space around a message may differ. */
function losesText({ messages }: Example, model: ModelText): boolean {
  const rendered = model.render(messages);
  return messages.some(({ content }) => !rendered.includes(content.trim()));
}

/** Whether `run` stands somewhere in `ids`, in one piece. */
export function holdsRun(ids: readonly number[], run: readonly number[]): boolean {
  for (let at = 0; at + run.length <= ids.length; at += 1) {
    if (run.every((id, index) => ids[at + index] === id)) return true;
  }
  return false;
}
