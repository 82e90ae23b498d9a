// Owns asking which model re-reads the traces of a file, and which swap the second curve shows. The answers hold for the whole file.
import type { Host } from '../host/host';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { askModel } from './chooseModel';
import { askSwap, type Draft } from './rerunQuestions';

const draftOf = (host: Host, trace: ShownTrace): Draft => ({
  traceEdits: [],
  placebo: null,
  samples: 1,
  limit: null,
  server: null,
  ...tracesOf(host).choiceFor(trace),
});

export async function askTraceModel(host: Host, trace: ShownTrace): Promise<void> {
  const question = { summaries: [trace.summary], servers: false };
  const { model } = await askModel(host, draftOf(host, trace), question);
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
