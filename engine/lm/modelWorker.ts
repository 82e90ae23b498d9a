// Entry of the thread in which a model lives: opens it, runs its jobs one after another, answers cancellations between calls.
// Must not know who asks.
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import { runJob } from './jobRun';
import { loadModel, type OpenedModel } from './loadModel';
import { makeTurns } from './turns';
import type { FromWorker, ToWorker, WorkerSpec } from './workerProtocol';

const port = parentPort;
if (port === null) throw new Error('modelWorker is the entry of a worker thread');
const say = (message: FromWorker): void => port.postMessage(message);

/** A message costs as much as a step of a small model, and no eye reads faster than this. */
const messageIntervalMs = 30;

/** Jobs that wait or run, by id; aborting one that waits makes it fail when its turn comes. */
const jobs = new Map<number, AbortController>();
const turns = makeTurns();

async function runInTurn(opened: OpenedModel, id: number, job: Job): Promise<void> {
  const { signal } = jobs.get(id)!;
  let events: LeafEvent[] = [];
  let flushedAt = 0;
  const flush = (): void => {
    flushedAt = performance.now();
    if (events.length > 0) say({ type: 'events', id, events });
    events = [];
  };
  const emit = (event: LeafEvent): void => {
    events.push(event);
    if (performance.now() - flushedAt > messageIntervalMs) flush();
  };
  try {
    if (job.urgent) await runJob(opened.urgentModel, job, { emit, signal });
    else await runJob(opened.model, job, { emit, signal, betweenCalls: turns.letUrgentPass });
    flush();
    say({ type: 'finished', id });
  } catch (error) {
    flush();
    say({ type: 'failed', id, failure: toFailure(error) });
  }
  jobs.delete(id);
}

function listen(opened: OpenedModel): void {
  port!.on('message', (message: ToWorker) => {
    if (message.type === 'cancel') jobs.get(message.id)?.abort();
    if (message.type === 'run') {
      jobs.set(message.id, new AbortController());
      const { id, job } = message;
      void turns.add(() => runInTurn(opened, id, job), job.urgent ? 'urgent' : 'ordinary');
    }
    if (message.type === 'close') {
      for (const controller of jobs.values()) controller.abort();
      void turns.add(() => opened.release(), 'ordinary').then(() => port!.close());
    }
  });
}

const { folder, text, options } = workerData as WorkerSpec;
loadModel(folder, text, options).then(
  (opened) => {
    const { record, exact, threads, model } = opened;
    listen(opened);
    say({ type: 'opened', record, exact, threads, contextTokens: model.contextTokens });
  },
  (error: unknown) => {
    say({ type: 'refused', failure: toFailure(error) });
    port.close();
  },
);
