// Owns getting one request answered by any of several endpoints: which is asked, what is tried again and when it is given up.
// Must not know what the request is for.
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, throwIfCancelled, UserError } from '../../domain/failure';
import type { Traffic } from '../../domain/run';
import { JobRefusedError } from '../backend';
import type { CompletionRequest } from './dialect';
import type { Answer, Endpoint } from './endpoint';
import { ServerError } from './serverError';

export type Patience = {
  /** How often a request is tried that fails while servers are there. */
  readonly attempts: number;
  /** How long a request is kept while no server answers at all, or all of them say that they are busy. */
  readonly waitMs: number;
  /** Waits are a random share of this, doubled with each attempt. */
  readonly backoffMs: number;
};

export const defaultPatience: Patience = { attempts: 6, waitMs: 10 * 60_000, backoffMs: 500 };
const longestBackoffMs = 30_000;

export type Asking = {
  readonly signal: AbortSignal;
  /** Whose prefix cache probably holds the prompt. */
  readonly preferred: Endpoint | null;
  /** The same request gives the same answer: it may be tried again also after tokens had come. */
  readonly isRepeatable: boolean;
  readonly onText?: (text: string) => void;
};

export class EndpointPool {
  private readonly counts = { requests: 0, retries: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0 };

  constructor(
    readonly endpoints: readonly Endpoint[],
    private readonly patience: Patience = defaultPatience,
  ) {}

  get traffic(): Traffic {
    return { ...this.counts };
  }

  /** The endpoint with the least to do, of those that are not known to be down. */
  leastLoaded(): Endpoint {
    const [first] = [...this.endpoints].sort(
      (a, b) => Number(a.downForMs > 0) - Number(b.downForMs > 0) || a.load - b.load,
    );
    if (!first) throw new Error('A pool without endpoints.');
    return first;
  }

  /** @throws UserError that says what every endpoint answered; JobRefusedError when this one prompt is too long. */
  async complete(request: CompletionRequest, asking: Asking): Promise<Answer> {
    const startedMs = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      throwIfCancelled(asking.signal);
      const endpoint = await this.choose(asking, attempt);
      try {
        this.counts.requests += 1;
        // A slot is one of the preferred endpoint: another may not have it, and would wait for it for ever.
        const sent = endpoint === asking.preferred ? request : { ...request, slot: null };
        const answer = await endpoint.send(sent, asking);
        this.count(answer);
        return answer;
      } catch (error) {
        await this.afterFailure(toServerError(error), { endpoint, asking, attempt, startedMs });
        this.counts.retries += 1;
      }
    }
  }

  private count({ usage }: Answer): void {
    this.counts.promptTokens += usage?.promptTokens ?? 0;
    this.counts.cachedTokens += usage?.cachedTokens ?? 0;
    this.counts.completionTokens += usage?.completionTokens ?? 0;
  }

  /** The preferred one while it lives; where all are down, the one that may be asked first, when it may. */
  private async choose({ preferred, signal }: Asking, attempt: number): Promise<Endpoint> {
    if (attempt === 1 && preferred && preferred.downForMs === 0) return preferred;
    const [next] = [...this.endpoints].sort((a, b) => a.downForMs - b.downForMs || a.load - b.load);
    if (!next) throw new Error('A pool without endpoints.');
    if (next.downForMs > 0) await pause(next.downForMs, signal);
    return next;
  }

  /** Returns when the request may be tried again. @throws what ends it */
  private async afterFailure(error: ServerError, at: Failed): Promise<void> {
    const { endpoint, asking, attempt, startedMs } = at;
    if (error.trouble === 'tooLong') throw new JobRefusedError(error.message);
    if (!error.mayRetry) throw new UserError(error.message);
    if (error.options.begun && !asking.isRepeatable) {
      throw new UserError(
        `${error.message}. Tokens had arrived, and this server draws others each time, so the example is not asked again in this run; resume the run to redo it whole.`,
      );
    }
    const isAway = error.trouble === 'unreachable' || error.trouble === 'silent';
    if (isAway) endpoint.failed();
    const isOver =
      isAway || error.trouble === 'busy'
        ? Date.now() - startedMs > this.patience.waitMs
        : attempt >= this.patience.attempts;
    if (isOver)
      throw new UserError(
        `${error.message}. It was tried ${attempt} times; what is done is kept, and \`resume\` goes on.`,
      );
    // Another endpoint can be asked at once.
    if (isAway && this.endpoints.some((one) => one.downForMs === 0)) return;
    const jittered = Math.random() * Math.min(longestBackoffMs, this.patience.backoffMs * 2 ** (attempt - 1));
    await pause(Math.max(error.options.retryAfterMs ?? 0, jittered), asking.signal);
  }
}

type Failed = {
  readonly endpoint: Endpoint;
  readonly asking: Asking;
  readonly attempt: number;
  readonly startedMs: number;
};

/** What is not a server's fault (cancelling, bugs) is thrown on. */
function toServerError(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  throw error;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw new CancelledError();
  });
}
