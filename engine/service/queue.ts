// Owns the rule that one run at a time uses the engine: the rest wait in order, and can be cancelled while they wait.
import { throwIfCancelled } from '../domain/failure';

export class Queue {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.waiting === 0;
  }

  /** Runs the work after all that was added before it, whether that succeeded or not. */
  add<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.waiting += 1;
    const result = this.last.then(() => {
      throwIfCancelled(signal);
      return work();
    });
    this.last = result
      .catch(() => undefined)
      .then(() => {
        this.waiting -= 1;
      });
    return result;
  }
}
