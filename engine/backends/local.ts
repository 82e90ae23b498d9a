// Owns the local backend: a model folder opened in a worker thread of its own, so that a native call never blocks this process.
// The native runtime is loaded by that thread alone. Must not know how a job is evaluated (engine/lm).
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CancelledError, toError, UserError } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import type { FromWorker, ToWorker, WorkerSpec } from '../lm/workerProtocol';
import { loadModelText } from '../text/loadModelText';
import type { ModelText } from '../text/modelText';
import type { Backend } from './backend';
import { type EventQueue, eventQueue } from './eventQueue';

export type LocalOptions = {
  /** Left out: chosen by measuring when this process first opens the folder. */
  readonly threads?: number;
  /** Memory for keys and values, at most. */
  readonly cacheBytes?: number;
};

type Opened = Extract<FromWorker, { type: 'opened' }>;

/** By folder. Measuring takes as long as loading. */
const chosenThreads = new Map<string, number>();

const defaultCacheBytes = 2 ** 31;
const closeTimeoutMs = 5000;

/**
 * Opens a model folder as people publish them (config.json, tokenizer.json, an ONNX file).
 * @throws UserError naming the folder or file and the way out.
 */
export async function openLocalBackend(
  folder: string,
  options: LocalOptions = {},
): Promise<{ readonly backend: Backend; readonly text: ModelText }> {
  const absolute = path.resolve(folder);
  const spec: WorkerSpec = {
    folder: absolute,
    options: {
      threads: options.threads ?? chosenThreads.get(absolute) ?? 'measured',
      cacheBytes: options.cacheBytes ?? defaultCacheBytes,
    },
  };
  const worker = new Worker(workerFile(), { workerData: spec, name: 'model' });
  const open = new Map<number, EventQueue<LeafEvent>>();
  const text = loadModelText(absolute);
  // The thread loads the same files: when they are bad, its refusal is the one that is told.
  text.catch(() => undefined);
  const opened = await firstWord(worker);
  chosenThreads.set(absolute, opened.threads);
  const ended = watch(worker, open);
  return { backend: backendOf(opened, { worker, open, ended }), text: await text };
}

/** The bundle lies beside the running one, or above it (tests run from folders of their own). */
function workerFile(): string {
  for (let place = __dirname; ; place = path.dirname(place)) {
    const file = path.join(place, 'modelWorker.js');
    if (fs.existsSync(file)) return file;
    if (place === path.dirname(place))
      throw new Error(`modelWorker.js is not built: it is neither in ${__dirname} nor above it`);
  }
}

function firstWord(worker: Worker): Promise<Opened> {
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

type Connection = {
  readonly worker: Worker;
  readonly open: Map<number, EventQueue<LeafEvent>>;
  /** Resolves when the thread has ended, to the reason if it was not asked to. */
  readonly ended: { readonly reason: () => Error | null; readonly done: Promise<void> };
};

/** Hands messages to their jobs, and fails all open jobs when the thread dies. */
function watch(worker: Worker, open: Connection['open']): Connection['ended'] {
  let reason: Error | null = null;
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'opened' || message.type === 'refused') return;
    const queue = open.get(message.id);
    if (message.type === 'events') for (const event of message.events) queue?.push(event);
    if (message.type === 'finished') queue?.end();
    if (message.type === 'failed') queue?.fail(toError(message.failure));
  });
  worker.on('error', (error) => {
    reason = new UserError(`The model's thread stopped: ${error.message}. Run again to reopen the model.`);
  });
  const done = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      reason ??= new UserError("The model's thread has ended. Run again to reopen the model.");
      for (const queue of open.values()) queue.fail(reason);
      resolve();
    });
  });
  return { reason: () => reason, done };
}

function backendOf({ record, contextTokens, exact }: Opened, connection: Connection): Backend {
  const { worker, ended } = connection;
  const send = (message: ToWorker): void => worker.postMessage(message);
  let lastId = 0;
  return {
    model: record,
    capabilities: { forced: true, contextTokens, exact },
    maxInFlight: 1,
    run: (job, signal) => {
      lastId += 1;
      return runOne({ id: lastId, job, signal }, connection, send);
    },
    dispose: async () => {
      send({ type: 'close' });
      const timer = setTimeout(() => void worker.terminate(), closeTimeoutMs);
      await ended.done;
      clearTimeout(timer);
    },
  };
}

type Asked = { readonly id: number; readonly job: Job; readonly signal: AbortSignal };

async function* runOne(
  { id, job, signal }: Asked,
  { open, ended }: Connection,
  send: (message: ToWorker) => void,
): AsyncGenerator<LeafEvent> {
  if (signal.aborted) throw new CancelledError();
  const reason = ended.reason();
  if (reason !== null) throw reason;
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
