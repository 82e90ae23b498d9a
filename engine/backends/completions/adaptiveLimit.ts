// Owns how many requests one server gets at once: twice as many after each round that goes well until the first trouble, one more from then on;
// half when it says that it is too much, fewer when answers begin much later than they did. Requests beyond the limit wait in order.
// Must not know requests.
import { CancelledError } from '../../domain/failure';

export type Outcome =
  | { readonly kind: 'answered'; readonly firstTokenMs: number }
  /** It said so (429, 503) or timed out: the limit is halved. */
  | { readonly kind: 'overloaded' }
  /** Says nothing about load. */
  | { readonly kind: 'other' };

const firstLimit = 4;
/**
 * Answers that all begin this many times later than the best ever, and at least so much later, mean a queue at the server. Single late ones
 * do not: what is in no cache must be read first, which takes seconds on a processor.
 */
const slowFactor = 6;
const slowMs = 1_000;
/** So many answers in a row. */
const allCount = 8;

type Waiting = { readonly start: () => void };

export class AdaptiveLimit {
  private limit: number;
  private hadTrouble = false;
  private running = 0;
  private readonly waiting: Waiting[] = [];
  private readonly recentMs: number[] = [];
  private bestMs: number | null = null;
  /** Requests that began before this count belong to the load that was already reacted to. */
  private started = 0;
  private reactedAt = 0;

  constructor(private readonly most: number) {
    this.limit = Math.min(firstLimit, most);
  }

  get inFlight(): number {
    return this.running;
  }

  /** Running and waiting, over what may run. */
  get load(): number {
    return (this.running + this.waiting.length) / this.limit;
  }

  get current(): number {
    return Math.floor(this.limit);
  }

  /** @returns the function that must be called once with what came of it. @throws CancelledError while waiting. */
  async enter(signal: AbortSignal): Promise<(outcome: Outcome) => void> {
    if (signal.aborted) throw new CancelledError();
    if (this.running < this.current && this.waiting.length === 0) this.running += 1;
    else await this.turn(signal);
    this.started += 1;
    const ordinal = this.started;
    return (outcome) => {
      this.running -= 1;
      this.adapt(outcome, ordinal);
      this.release();
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(new CancelledError());
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(entry);
    });
  }

  /** Whoever is let in is counted here, so that nobody slips in between. */
  private release(): void {
    while (this.waiting.length > 0 && this.running < this.current) {
      this.running += 1;
      this.waiting.shift()?.start();
    }
  }

  private adapt(outcome: Outcome, ordinal: number): void {
    if (outcome.kind === 'overloaded') this.shrink(0.5, ordinal);
    if (outcome.kind !== 'answered') return;
    const { firstTokenMs } = outcome;
    this.bestMs = Math.min(this.bestMs ?? firstTokenMs, firstTokenMs);
    this.recentMs.push(firstTokenMs);
    if (this.recentMs.length > allCount) this.recentMs.shift();
    if (Math.min(...this.recentMs) > Math.max(slowFactor * this.bestMs, this.bestMs + slowMs))
      this.shrink(0.8, ordinal);
    else this.limit = Math.min(this.most, this.limit + (this.hadTrouble ? 1 / this.limit : 1));
  }

  /** Once per load: requests that were under way already when the limit shrank say nothing new. */
  private shrink(factor: number, ordinal: number): void {
    if (ordinal <= this.reactedAt) return;
    this.reactedAt = this.started;
    this.hadTrouble = true;
    this.limit = Math.max(1, this.limit * factor);
  }
}
