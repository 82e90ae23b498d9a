// Owns asking a server a plain question (its tokenizer, say) in the middle of a run: as patiently as texts are asked for. Must not know what is asked.
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, UserError } from '../../domain/failure';
import type { Endpoint } from './endpoint';
import type { Patience } from './endpointPool';
import { ServerError } from './serverError';

export type PlainQuestion = { readonly path: string; readonly body: unknown; readonly signal: AbortSignal };

const longestPauseMs = 10_000;

/** @throws UserError when it is refused or nobody answered for too long; CancelledError when the signal fires */
export async function askPatiently(endpoint: Endpoint, asked: PlainQuestion, patience: Patience): Promise<unknown> {
  const { path, body, signal } = asked;
  const startedMs = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await endpoint.ask(path, { body, signal });
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (!error.mayRetry) throw new UserError(error.message);
      const isOver =
        error.trouble === 'broken' ? attempt >= patience.attempts : Date.now() - startedMs > patience.waitMs;
      if (isOver) {
        throw new UserError(
          `${error.message}. It was tried ${attempt} times; what is done is kept, and \`resume\` goes on.`,
        );
      }
      const pauseMs = Math.random() * Math.min(longestPauseMs, patience.backoffMs * 2 ** (attempt - 1));
      await delay(Math.max(error.options.retryAfterMs ?? 0, pauseMs), undefined, { signal }).catch(() => {
        throw new CancelledError();
      });
    }
  }
}
