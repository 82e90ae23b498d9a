// Owns asking which model re-reads the traces of a file, and which swap the second curve shows. The answers hold for the whole file.
import type { Host } from '../host/host';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { askModel, askSwap, type Draft } from './rerunQuestions';

const draftOf = (host: Host, trace: ShownTrace): Draft => ({
  traceEdits: [],
  samples: 1,
  limit: null,
  ...tracesOf(host).choiceFor(trace),
});

export async function askTraceModel(host: Host, trace: ShownTrace): Promise<void> {
  const { model } = await askModel(draftOf(host, trace), [trace.summary]);
  await tracesOf(host).choose(trace.summary.file, { model });
}

export async function askTraceSwap(host: Host, trace: ShownTrace): Promise<void> {
  const { swap } = await askSwap(draftOf(host, trace), trace.summary.swaps);
  await tracesOf(host).choose(trace.summary.file, { swap });
}

/** The model of a trace for a re-run, asked for when none is known; `null` when the person left. */
export async function modelFor(host: Host, trace: ShownTrace): Promise<string | null> {
  if (tracesOf(host).choiceFor(trace).model === null) await askTraceModel(host, trace);
  return tracesOf(host).choiceFor(trace).model;
}
