// Owns one worker thread in which a model lives: starting it, handing jobs and cancellations over, noticing its end.
// Must not know how a job is evaluated (engine/lm) or what happens after the end (engine/backends/local).
import { Worker } from 'node:worker_threads';
import { CancelledError, toError, UserError } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import type { FromWorker, ToWorker, WorkerSpec } from '../lm/workerProtocol';
import { builtFile } from './builtFile';
import { type EventQueue, eventQueue } from './eventQueue';

export type OpenedMessage = Extract<FromWorker, { type: 'opened' }>;

export type ModelThread = {
  readonly opened: OpenedMessage;
  /** Why the thread has ended; `null` while it lives. */
  readonly endedBy: () => Error | null;
  readonly run: (job: Job, signal: AbortSignal) => AsyncIterable<LeafEvent>;
  /** Open jobs fail; resolves when the thread has ended. */
  readonly close: () => Promise<void>;
};

const closeTimeoutMs = 5000;

/** @throws UserError when the model cannot be opened. */
export async function startModelThread(spec: WorkerSpec): Promise<ModelThread> {
  const worker = new Worker(builtFile('modelWorker.js'), { workerData: spec, name: 'model' });
  const opened = await firstWord(worker);
  const open = new Map<number, EventQueue<LeafEvent>>();
  const { endedBy, ended } = watch(worker, open);
  const send = (message: ToWorker): void => worker.postMessage(message);
  let lastId = 0;
  return {
    opened,
    endedBy,
    run: (job, signal) => {
      lastId += 1;
      return runOne({ id: lastId, job, signal }, open, send);
    },
    close: async () => {
      send({ type: 'close' });
      const timer = setTimeout(() => void worker.terminate(), closeTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function firstWord(worker: Worker): Promise<OpenedMessage> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: FromWorker) => {
      if (message.type === 'opened') resolve(message);
      else reject(message.type === 'refused' ? toError(message.failure) : new Error(`unexpected ${message.type}`));
    });
    worker.once('error', reject);
    worker.once('exit', (code) =>
      reject(new UserError(`The model's thread ended with code ${code} while it was loading.`)),
    );
  });
}

/** Hands messages to their jobs, and fails all open jobs when the thread dies. */
function watch(
  worker: Worker,
  open: ReadonlyMap<number, EventQueue<LeafEvent>>,
): { readonly endedBy: ModelThread['endedBy']; readonly ended: Promise<void> } {
  let reason: Error | null = null;
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'opened' || message.type === 'refused') return;
    const queue = open.get(message.id);
    if (message.type === 'events') for (const event of message.events) queue?.push(event);
    if (message.type === 'finished') queue?.end();
    if (message.type === 'failed') queue?.fail(toError(message.failure));
  });
  worker.on('error', (error) => {
    reason = new UserError(`The model's thread stopped: ${error.message}. Run again: the model is then reopened.`);
  });
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      reason ??= new UserError("The model's thread has ended. Run again: the model is then reopened.");
      for (const queue of open.values()) queue.fail(reason);
      resolve();
    });
  });
  return { endedBy: () => reason, ended };
}

type Asked = { readonly id: number; readonly job: Job; readonly signal: AbortSignal };

async function* runOne(
  { id, job, signal }: Asked,
  open: Map<number, EventQueue<LeafEvent>>,
  send: (message: ToWorker) => void,
): AsyncGenerator<LeafEvent> {
  if (signal.aborted) throw new CancelledError();
  const queue = eventQueue<LeafEvent>();
  open.set(id, queue);
  const abort = (): void => queue.fail(new CancelledError());
  signal.addEventListener('abort', abort, { once: true });
  send({ type: 'run', id, job });
  try {
    yield* queue.drain();
  } finally {
    signal.removeEventListener('abort', abort);
    open.delete(id);
    // Ends the job also when the reader leaves early; a job that is over ignores it.
    send({ type: 'cancel', id });
  }
}
