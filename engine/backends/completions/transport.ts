// Owns one HTTP exchange with a server: time-outs for each stage, no redirects, text as it arrives. Node's own client, because the
// built-in fetch gives up on headers after five minutes, which a busy queue exceeds. Must not know what is asked.
import http from 'node:http';
import https from 'node:https';
import { CancelledError } from '../../domain/failure';
import { ServerError, type ServerTrouble, statusError } from './serverError';

export type Timeouts = {
  readonly connectMs: number;
  /** From sending to the first event, or to the end of a plain reply: long, because requests wait in the server's queue. */
  readonly firstEventMs: number;
  /** Between two events. */
  readonly betweenMs: number;
};

export const defaultTimeouts: Timeouts = { connectMs: 10_000, firstEventMs: 900_000, betweenMs: 120_000 };

export type Exchange = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
};

export type Reply = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: AsyncIterable<string>;
  /** Something that counts has come: the next such thing may take `betweenMs`. Bytes alone do not count, or a trickle would never end. */
  readonly heard: () => void;
};

const agentOptions = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' as const };
const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) };

/** A kept connection that the server closed as it was taken up again; the next one may be as old. */
const mostStale = 3;

/**
 * Sends a request and gives back its reply as soon as the headers are there. The body must be read, or the signal fired.
 * @throws ServerError, also while the body is read; CancelledError when the signal fires.
 */
export async function exchange(asked: Exchange): Promise<Reply> {
  for (let stale = 0; ; stale += 1) {
    try {
      return await attempt(asked, stale < mostStale);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
    }
  }
}

class StaleConnection extends Error {}

function attempt({ url, method, headers, body, timeouts, signal }: Exchange, mayReuse: boolean): Promise<Reply> {
  if (signal.aborted) return Promise.reject(new CancelledError());
  const isTls = new URL(url).protocol === 'https:';
  const agent = mayReuse ? agents[isTls ? 'https:' : 'http:'] : false;
  const request = (isTls ? https : http).request(url, { method, headers, agent });
  const watch = new Watch(request, url);
  const abort = (): void => watch.fail(new CancelledError());
  signal.addEventListener('abort', abort, { once: true });
  request.on('close', () => {
    signal.removeEventListener('abort', abort);
    watch.stop();
  });
  return new Promise((resolve, reject) => {
    request.on('error', (error) => {
      const isStale = watch.reason === null && mayReuse && request.reusedSocket;
      reject(isStale ? new StaleConnection() : (watch.reason ?? connectionError(url, error)));
    });
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: received } = response;
      if (isRedirect(status)) watch.fail(redirectError(url, received.location));
      else {
        const heard = (): void => watch.within(timeouts.betweenMs, 'silent', 'sent nothing more');
        resolve({ status, headers: received, text: bodyText(response, watch, url), heard });
      }
    });
    watch.connecting(timeouts);
    request.end(body);
  });
}

/** The clock of one exchange, and why it ended early. */
class Watch {
  reason: Error | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly request: http.ClientRequest,
    private readonly url: string,
  ) {}

  connecting({ connectMs, firstEventMs }: Timeouts): void {
    this.within(connectMs, 'unreachable', 'did not accept a connection');
    this.request.on('socket', (socket) => {
      const connected = (): void => this.within(firstEventMs, 'silent', 'did not answer');
      if (socket.connecting) socket.once(this.url.startsWith('https:') ? 'secureConnect' : 'connect', connected);
      else connected();
    });
  }

  within(ms: number, trouble: ServerTrouble, what: string): void {
    clearTimeout(this.timer);
    const late = (): void => this.fail(new ServerError(trouble, `${this.url} ${what} within ${ms / 1000} s`));
    this.timer = setTimeout(late, ms);
  }

  fail(reason: Error): void {
    this.reason ??= reason;
    this.request.destroy(this.reason);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

async function* bodyText(response: http.IncomingMessage, watch: Watch, url: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response) {
      yield decoder.decode(chunk as Buffer, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    throw watch.reason ?? connectionError(url, error);
  } finally {
    watch.stop();
    // A reader that leaves early wants no more of it: the server notices and stops generating.
    response.destroy();
  }
}

/** The whole body; at most so many characters of it. */
export async function readAll(reply: Reply, most = 1 << 26): Promise<string> {
  let all = '';
  for await (const part of reply.text) {
    all += part;
    if (all.length > most) throw new ServerError('broken', 'the reply is too long to be an answer');
  }
  return all;
}

/** @throws ServerError for a status that is no success, with the server's own sentence. */
export async function checkStatus(url: string, reply: Reply): Promise<void> {
  if (reply.status >= 200 && reply.status < 300) return;
  const said = await readAll(reply, 1 << 16).catch(() => '');
  const retry = retryAfterMs(reply.headers['retry-after']);
  throw statusError(url, reply.status, { body: parsedOr(said), retryAfterMs: retry });
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Seconds or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** A prompt and a key go where the person said, and nowhere else. */
function redirectError(url: string, location: string | undefined): ServerError {
  return new ServerError(
    'refused',
    `${url} redirects to ${location ?? 'nowhere'}, and nothing is sent to an address that you did not name. If you trust it, name that address.`,
  );
}

function connectionError(url: string, error: unknown): Error {
  if (error instanceof ServerError || error instanceof CancelledError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const what = code === 'ECONNREFUSED' ? 'nothing listens there' : ((message || code) ?? 'the connection broke');
  return new ServerError('unreachable', `${url}: ${what}`);
}
