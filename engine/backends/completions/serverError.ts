// Owns what can go wrong between this process and a server, and which of it may be tried again. Must not know dialects or jobs.
export type ServerTrouble =
  /** No connection, or it was cut: another server may answer. */
  | 'unreachable'
  /** It asked to be asked later (429, 503). */
  | 'busy'
  /** It answered with a fault of its own, in the status or inside the stream. */
  | 'broken'
  /** Nothing arrived for too long. */
  | 'silent'
  /** It understood and refused: the same request would be refused again. */
  | 'refused'
  /** As refused, but for the length of this one prompt. */
  | 'tooLong';

export type ServerErrorOptions = {
  /** The server's wish, from `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  /** Whether tokens had arrived before it went wrong. */
  readonly begun?: boolean;
};

export class ServerError extends Error {
  override readonly name = 'ServerError';
  constructor(
    readonly trouble: ServerTrouble,
    message: string,
    readonly options: ServerErrorOptions = {},
  ) {
    super(message);
  }

  get mayRetry(): boolean {
    return this.trouble !== 'refused' && this.trouble !== 'tooLong';
  }
}

const tooLongWords =
  /context length|context size|maximum context|input_tokens|too long|exceeds? the (?:available|model)/i;
const longestMessage = 300;

/** The sentence inside an error body, whatever its shape. */
export function messageIn(body: unknown): string {
  if (typeof body === 'string') return body.slice(0, longestMessage);
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as Record<string, unknown>;
  const found = [error, message, detail].find((one) => one !== undefined && one !== null);
  if (typeof found === 'string') return found.slice(0, longestMessage);
  return found === undefined ? '' : messageIn(found) || JSON.stringify(found).slice(0, longestMessage);
}

/** What a status other than 2xx means. */
export function statusError(
  url: string,
  status: number,
  reply: { readonly body: unknown; readonly retryAfterMs?: number | undefined },
): ServerError {
  const { body, retryAfterMs } = reply;
  const said = messageIn(body);
  const words = `${url} answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429 || status === 503 || status === 529) return new ServerError('busy', words, { retryAfterMs });
  if (status === 408 || status === 425 || status >= 500) return new ServerError('broken', words, { retryAfterMs });
  const isTooLong = status === 413 || (status === 400 && tooLongWords.test(said));
  return new ServerError(isTooLong ? 'tooLong' : 'refused', `${words}${adviceFor(status)}`);
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return '. Name the environment variable that holds a valid key with --key-env.';
  if (status === 404) return '. Check the address and --served-model; `counterthought server URL` shows what is there.';
  return '';
}
