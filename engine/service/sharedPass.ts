// Owns that a file is read on exactly as far as somebody wants it, once for all who want it: whoever asks drives the pass, or waits for the
// step that another one drives. When the last one gives up in the middle of a step, the pass is dropped and begins anew when asked again.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CancelledError, throwIfCancelled } from '../domain/failure';
import { whenQuiet } from './foreground';
import { type PassSpec, ReadingPass } from './readingPass';

export type DriveOptions = {
  readonly signal?: AbortSignal;
  /** Whether what a person waits for goes before each step. */
  readonly inBackground?: boolean;
  /** Told after each step. */
  readonly onStep?: (pass: ReadingPass) => void;
};

type Live = { readonly pass: ReadingPass; readonly controller: AbortController; step: Promise<void> | null };

export class SharedPass {
  #live: Live | null = null;
  #drivers = 0;

  constructor(private readonly spec: PassSpec) {}

  /** Reads until it is enough or the file ends. @throws what reading throws; CancelledError */
  async read(isEnough: (pass: ReadingPass) => boolean, options: DriveOptions = {}): Promise<ReadingPass> {
    this.#drivers += 1;
    try {
      for (;;) {
        if (options.inBackground) await whenQuiet();
        throwIfCancelled(options.signal);
        this.#live ??= this.#begin();
        const live = this.#live;
        if (live.pass.isDone || isEnough(live.pass)) return live.pass;
        live.step ??= this.#step(live);
        await unlessCancelled(live.step, options.signal);
        options.onStep?.(live.pass);
      }
    } finally {
      this.#drivers -= 1;
      if (this.#drivers === 0 && this.#live?.step) this.#drop(this.#live);
    }
  }

  /** Lets go of the file, unless somebody reads it; it can still be asked. */
  close(): void {
    if (this.#drivers === 0 && this.#live) this.#drop(this.#live);
  }

  #begin(): Live {
    const controller = new AbortController();
    return { pass: new ReadingPass(this.spec, controller.signal), controller, step: null };
  }

  async #step(live: Live): Promise<void> {
    try {
      await nextTurn();
      await live.pass.step();
      live.step = null;
    } catch (error) {
      this.#drop(live);
      throw error;
    }
  }

  #drop(live: Live): void {
    live.controller.abort();
    if (this.#live === live) this.#live = null;
    const close = (): Promise<void> => live.pass.close();
    (live.step ?? Promise.resolve()).then(close, close).catch(() => undefined);
  }
}

/** The promise, or CancelledError as soon as the signal fires. */
function unlessCancelled(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new CancelledError());
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
