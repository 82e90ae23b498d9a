// Owns the local backend: a model folder opened in a worker thread of its own, so that a native call never blocks this process; reopened
// when that thread died. The native runtime is loaded by the thread alone. Must not know how a job is evaluated (engine/lm).
import path from 'node:path';
import { UserError } from '../domain/failure';
import type { Job, LeafEvent } from '../domain/job';
import { folderOf, openModelFolder } from '../lm/modelFolder';
import type { WorkerSpec } from '../lm/workerProtocol';
import { loadModelText } from '../text/loadModelText';
import type { LocalText, ModelText } from '../text/modelText';
import { packText } from '../text/outputText';
import type { Backend } from './backend';
import { type ModelThread, startModelThread } from './modelThread';

export type LocalOptions = {
  /** Left out: chosen by measuring when this process first opens the folder. */
  readonly threads?: number;
  /** Memory for keys and values, at most. */
  readonly cacheBytes?: number;
};

/** By folder. Measuring takes as long as loading. */
const chosenThreads = new Map<string, number>();

const defaultCacheBytes = 2 ** 31;

/**
 * Opens a model folder as people publish them (config.json, tokenizer.json, an ONNX file), or one of several ONNX files in it.
 * @throws UserError naming the folder or file and the way out.
 */
export async function openLocalBackend(
  folder: string,
  options: LocalOptions = {},
): Promise<{ readonly backend: Backend; readonly text: ModelText }> {
  const absolute = path.resolve(folder);
  const text = await loadText(absolute);
  const open = (): Promise<ModelThread> => openThread(absolute, text, options);
  return { backend: backendOf(await open(), open), text };
}

async function loadText(folder: string): Promise<LocalText> {
  try {
    return await loadModelText(folder.endsWith('.onnx') ? folderOf(folder) : folder);
  } catch (error) {
    // A folder that is none, or that holds no model, is told first.
    openModelFolder(folder);
    throw error;
  }
}

async function openThread(
  folder: string,
  text: LocalText,
  { threads, cacheBytes }: LocalOptions,
): Promise<ModelThread> {
  const spec: WorkerSpec = {
    folder,
    text: packText(text),
    options: {
      threads: threads ?? chosenThreads.get(folder) ?? 'measured',
      cacheBytes: cacheBytes ?? defaultCacheBytes,
    },
  };
  const thread = await startModelThread(spec);
  chosenThreads.set(folder, thread.opened.threads);
  return thread;
}

function backendOf(first: ModelThread, reopen: () => Promise<ModelThread>): Backend {
  const { record, contextTokens, exact } = first.opened;
  let thread = Promise.resolve(first);
  let isClosed = false;
  const living = async (): Promise<ModelThread> => {
    if (isClosed) throw new UserError('This model was closed. Open it again to run.');
    // A reopening that failed is tried again; one thread serves all who ask meanwhile.
    const current = thread;
    const isDead = await current.then(
      (one) => one.endedBy() !== null,
      () => true,
    );
    if (isDead && thread === current) thread = reopen();
    return thread;
  };
  async function* run(job: Job, signal: AbortSignal): AsyncGenerator<LeafEvent> {
    yield* (await living()).run(job, signal);
  }
  return {
    model: record,
    capabilities: { forced: true, contextTokens, exact },
    maxInFlight: 1,
    run,
    dispose: async () => {
      isClosed = true;
      await thread.then(
        (one) => one.close(),
        () => undefined,
      );
    },
  };
}
