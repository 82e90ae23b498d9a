// Owns one server address during a run: its limit, its health, and one streamed request to it from sending to its finish reason.
// Must not know other endpoints or what is made of the answer.
import { AdaptiveLimit } from './adaptiveLimit';
import type { CompletionRequest, Delta, Dialect, Finish, Usage, WrittenToken } from './dialect';
import { addressOf } from './endpointAddress';
import { ServerError } from './serverError';
import { SlotLeases } from './slotLeases';
import { streamValues } from './streamEvents';
import { checkStatus, exchange, readAll, type Timeouts } from './transport';

export type Choice = {
  readonly text: string;
  /** `null`: not told, or not all of them. */
  readonly ids: readonly number[] | null;
  readonly tokens: readonly WrittenToken[];
  readonly finish: Finish;
};

export type Answer = { readonly choices: readonly Choice[]; readonly usage: Usage | null };

export type EndpointSettings = {
  readonly url: string;
  readonly dialect: Dialect;
  /** `Authorization` and the like; never logged. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeouts: Timeouts;
  readonly mostInFlight: number;
  /** Of a server whose cache is divided so. */
  readonly slots?: number | null;
};

type Sending = {
  readonly signal: AbortSignal;
  /** New text of the first choice, as it comes. */
  readonly onText?: (text: string) => void;
};

const shortestDownMs = 500;
const longestDownMs = 30_000;

export class Endpoint {
  readonly limit: AdaptiveLimit;
  readonly slots: SlotLeases | null;
  private failures = 0;
  private downUntilMs = 0;

  constructor(readonly settings: EndpointSettings) {
    this.limit = new AdaptiveLimit(settings.mostInFlight);
    this.slots = settings.slots ? new SlotLeases(settings.slots) : null;
  }

  get url(): string {
    return this.settings.url;
  }

  /** What runs and waits, over what it takes at once. */
  get load(): number {
    return Math.max(this.limit.load, this.slots?.load ?? 0);
  }

  /** How long it should be left alone; 0: it can be asked. */
  get downForMs(): number {
    return Math.max(0, this.downUntilMs - Date.now());
  }

  /** After each failure in a row it is left alone twice as long. */
  failed(): void {
    this.failures += 1;
    this.downUntilMs = Date.now() + Math.min(longestDownMs, shortestDownMs * 2 ** (this.failures - 1));
  }

  get isDown(): boolean {
    return this.failures > 0;
  }

  /** @throws ServerError; its `begun` says whether tokens had arrived. */
  async send(request: CompletionRequest, sending: Sending): Promise<Answer> {
    const { dialect, url } = this.settings;
    const leave = await this.limit.enter(sending.signal);
    const startedMs = performance.now();
    const answer = new AnswerInProgress(request.n);
    let firstTokenMs: number | null = null;
    try {
      const body = JSON.stringify(dialect.body(request));
      const reply = await this.exchange('POST', dialect.path, { body, signal: sending.signal });
      await checkStatus(addressOf(url, dialect.path), reply);
      for await (const value of streamValues(reply.text, dialect.framing)) {
        firstTokenMs ??= performance.now() - startedMs;
        reply.heard();
        for (const delta of dialect.read(value)) {
          const text = answer.add(delta);
          if (text !== '') sending.onText?.(text);
        }
      }
      const whole = answer.finished();
      this.failures = 0;
      leave({ kind: 'answered', firstTokenMs: firstTokenMs ?? performance.now() - startedMs });
      return whole;
    } catch (error) {
      const isOverload = error instanceof ServerError && (error.trouble === 'busy' || error.trouble === 'silent');
      leave({ kind: isOverload ? 'overloaded' : 'other' });
      throw error instanceof ServerError ? begunError(error, answer.hasBegun) : error;
    }
  }

  /** A plain question and its JSON answer. @throws ServerError */
  async ask(path: string, options: { readonly body?: unknown; readonly signal: AbortSignal }): Promise<unknown> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const reply = await this.exchange(body === undefined ? 'GET' : 'POST', path, {
      ...(body === undefined ? {} : { body }),
      signal: options.signal,
    });
    await checkStatus(addressOf(this.url, path), reply);
    const text = await readAll(reply);
    try {
      return JSON.parse(text);
    } catch {
      throw new ServerError(
        'broken',
        `${addressOf(this.url, path)} answered something that is not JSON: ${text.slice(0, 80)}`,
      );
    }
  }

  private exchange(
    method: 'GET' | 'POST',
    path: string,
    { body, signal }: { readonly body?: string; readonly signal: AbortSignal },
  ): ReturnType<typeof exchange> {
    const { url, headers, timeouts } = this.settings;
    const length =
      body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
    return exchange({
      url: addressOf(url, path),
      method,
      headers: { accept: 'text/event-stream, application/json', ...length, ...headers },
      ...(body === undefined ? {} : { body }),
      timeouts,
      signal,
    });
  }
}

function begunError(error: ServerError, begun: boolean): ServerError {
  return begun ? new ServerError(error.trouble, error.message, { ...error.options, begun }) : error;
}

type GrowingChoice = { text: string; ids: number[] | null; tokens: WrittenToken[]; finish: Finish | null };

/** An answer as its events come. It is whole only when every choice has its finish reason: a stream may end cleanly after a fault. */
class AnswerInProgress {
  private readonly choices: GrowingChoice[];
  private usage: Usage | null = null;
  hasBegun = false;

  constructor(n: number) {
    this.choices = Array.from({ length: n }, () => ({ text: '', ids: [], tokens: [], finish: null }));
  }

  /** @returns new text of the first choice. @throws ServerError for a fault that the server tells inside the stream. */
  add(delta: Delta): string {
    if (delta.kind === 'fault') throw new ServerError('broken', `the server failed while answering: ${delta.message}`);
    if (delta.kind === 'usage') {
      this.addUsage(delta.usage);
      return '';
    }
    const choice = this.choices[delta.choice];
    if (!choice) throw new ServerError('broken', `the server sent a choice ${delta.choice} that was not asked for`);
    const before = choice.text.length;
    grow(choice, delta);
    if (choice.text !== '' || choice.tokens.length > 0) this.hasBegun = true;
    return delta.choice === 0 ? choice.text.slice(before) : '';
  }

  /** Where each choice tells its own, the prompt is the same one. */
  private addUsage(usage: Usage): void {
    const before = this.usage?.completionTokens ?? 0;
    this.usage = { ...usage, completionTokens: before + usage.completionTokens };
  }

  finished(): Answer {
    const choices = this.choices.map(({ text, ids, tokens, finish }) => {
      if (finish === null)
        throw new ServerError('broken', 'the answer ended without saying why, so it may be incomplete');
      if (finish.reason === 'other') throw new ServerError('refused', `the server stopped the answer: ${finish.word}`);
      return { text, ids, tokens, finish };
    });
    return { choices, usage: this.usage };
  }
}

function grow(choice: GrowingChoice, delta: Extract<Delta, { kind: 'piece' }>): void {
  if (delta.isWhole) {
    choice.text = delta.text;
    choice.ids = delta.ids === null ? null : [...delta.ids];
    choice.tokens = [...delta.tokens];
  } else {
    choice.text += delta.text;
    if (delta.ids === null && delta.text !== '') choice.ids = null;
    else choice.ids?.push(...(delta.ids ?? []));
    choice.tokens.push(...delta.tokens);
  }
  choice.finish ??= delta.finish;
}
