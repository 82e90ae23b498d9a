// Owns which slots of one server are taken. A server of llama.cpp's kind keeps what it has read once a slot: requests that share a prefix find
// it there alone, and two examples on one slot push each other out. Must not know requests.
import { CancelledError } from '../../domain/failure';

export type SlotLease = {
  /** The slot that the example's requests name. */
  readonly slot: number;
  /** Must be called once. */
  readonly leave: () => void;
};

type Waiting = { readonly width: number; readonly start: (lease: SlotLease) => void };

export class SlotLeases {
  private readonly free: number[];
  private readonly waiting: Waiting[] = [];

  constructor(readonly count: number) {
    this.free = Array.from({ length: count }, (_, slot) => slot);
  }

  /** Taken and waited for, over all. */
  get load(): number {
    return (this.count - this.free.length + this.waiting.length) / this.count;
  }

  /**
   * In order of asking.
   * @param width samples that one request draws, each of which takes a slot while it is written; more than there are count as all
   * @throws CancelledError while waiting
   */
  enter(width: number, signal: AbortSignal): Promise<SlotLease> {
    if (signal.aborted) return Promise.reject(new CancelledError());
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        width: Math.min(width, this.count),
        start: (lease) => {
          signal.removeEventListener('abort', abort);
          resolve(lease);
        },
      };
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(new CancelledError());
        this.letIn();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(entry);
      this.letIn();
    });
  }

  private letIn(): void {
    for (let next = this.waiting[0]; next && next.width <= this.free.length; next = this.waiting[0]) {
      this.waiting.shift();
      const taken = this.free.splice(0, next.width);
      const leave = (): void => {
        this.free.push(...taken);
        this.letIn();
      };
      next.start({ slot: taken[0] ?? 0, leave });
    }
  }
}
