// A server that speaks vLLM's dialect over a model made of a hash: what it writes depends on exactly the ids, the seed and nothing else, so
// that whatever goes wrong on the way must leave the result alone. Faults are injected per request. Knows nothing of what is tested with it.
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelText } from '../../engine/text/modelText';
import type { PrefixCache } from './prefixCache';

export type CompletionBody = {
  readonly model: string;
  readonly prompt: readonly number[];
  readonly max_tokens: number;
  readonly n?: number;
  readonly seed?: number;
  readonly temperature: number;
  readonly logprobs?: number;
  readonly logprob_token_ids?: readonly number[];
  readonly allowed_token_ids?: readonly number[];
  readonly structured_outputs?: { readonly choice: readonly string[] };
  /** llama.cpp's. */
  readonly slot?: number;
};

/** Answers the request itself, or leaves it to the model (`false`). `count` numbers completion requests from 1. */
export type Fault = (
  response: http.ServerResponse,
  at: { readonly count: number; readonly body: CompletionBody; readonly events: readonly unknown[] },
) => boolean;

export type FakeServer = {
  readonly url: string;
  /** Completion requests that arrived, and those that were answered whole. */
  readonly counts: { arrived: number; answered: number };
  /** Every body that arrived, headers of the last request. */
  readonly bodies: readonly CompletionBody[];
  readonly headers: () => http.IncomingHttpHeaders;
  readonly most: () => number;
  /** Cuts all connections and stops listening, as a killed process does. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

export type FakeServerOptions = {
  readonly text: ModelText;
  readonly fault?: Fault;
  /** Time that one answer takes, in milliseconds. */
  readonly answerMs?: number;
  readonly contextTokens?: number;
  readonly model?: string;
  /** Left out: half of every prompt is said to be cached. */
  readonly cache?: PrefixCache;
  /** Another dialect than vLLM's. */
  readonly wire?: FakeWire;
};

/** How another kind of server says the same. */
export type FakeWire = {
  /** Answers to plain questions, by path; functions of the question's body. */
  readonly facts: Readonly<Record<string, unknown | ((said: unknown, text: ModelText) => unknown)>>;
  readonly path: string;
  readonly bodyOf: (said: unknown, text: ModelText) => CompletionBody;
  /** The whole streamed reply. */
  readonly reply: (events: readonly FakeEvent[], body: CompletionBody, text: ModelText) => string;
};

export type FakeChoice = {
  readonly index: number;
  readonly text: string;
  readonly token_ids: readonly number[];
  readonly logprobs: {
    readonly tokens: readonly string[];
    readonly token_logprobs: readonly number[];
    readonly top_logprobs: readonly Readonly<Record<string, number>>[];
  } | null;
  readonly finish_reason: string | null;
};
export type FakeUsage = {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number };
};
export type FakeEvent = { readonly choices: readonly FakeChoice[]; readonly usage?: FakeUsage };

const vocabSize = 600;

/** Log-probability of a token after ids: a hash, normalized over the vocabulary. */
function logProbsAfter(ids: readonly number[]): Float64Array {
  const digest = createHash('sha256').update(ids.join(' ')).digest();
  let state = digest.readUInt32LE(0) || 1;
  const logits = Float64Array.from({ length: vocabSize }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 8;
  });
  const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - total);
}

const answers = ['approve', 'reject'] as const;

/** What the model writes: a sentence, and an answer that depends on the prompt and, where something is drawn, on the seed. */
function textFor({ prompt, seed, temperature }: CompletionBody, choice: number, text: ModelText): string {
  // What a probe of continued turns counts on.
  if (text.decode(prompt.slice(-24)).endsWith('1, 2, 3, 4, 5, 6,')) return ' 7, 8, 9';
  const drawn = temperature > 0 ? `/${seed ?? 0}/${choice}` : '';
  const hash = createHash('sha256')
    .update(prompt.join(' ') + drawn)
    .digest();
  return ` It holds ${hash.readUInt16LE(0)}.\n</reasoning>\n\n<recommendation>\n${answers[(hash[2] ?? 0) % 2]}\n</recommendation>`;
}

/** The events of a whole answer, as vLLM streams them. */
export function eventsFor(body: CompletionBody, text: ModelText): readonly FakeEvent[] {
  const events: FakeEvent[] = [];
  let written = 0;
  for (let index = 0; index < (body.n ?? 1); index += 1) {
    const { ids, finish } = idsFor(body, text, index);
    written += ids.length;
    ids.forEach((id, at) => {
      const choice = {
        index,
        text: text.decode([id]),
        token_ids: [id],
        logprobs: logProbsOf(body, ids, at),
        finish_reason: at === ids.length - 1 ? finish : null,
      };
      events.push({ choices: [choice] });
    });
  }
  const usage = {
    prompt_tokens: body.prompt.length,
    completion_tokens: written,
    prompt_tokens_details: { cached_tokens: Math.floor(body.prompt.length / 2) },
  };
  return [...events, { choices: [], usage }];
}

function idsFor(body: CompletionBody, text: ModelText, choice: number): { ids: readonly number[]; finish: string } {
  const { allowed_token_ids: allowed, structured_outputs: structured } = body;
  const whole = allowed ?? text.encode(structured?.choice[0] ?? textFor(body, choice, text)).ids;
  const ids = whole.slice(0, body.max_tokens);
  return { ids, finish: ids.length < whole.length || allowed ? 'length' : 'stop' };
}

function logProbsOf(body: CompletionBody, ids: readonly number[], at: number): FakeChoice['logprobs'] {
  if (body.logprobs === undefined) return null;
  const all = logProbsAfter([...body.prompt, ...ids.slice(0, at)]);
  const ranked = [...all.keys()].sort((a, b) => (all[b] ?? 0) - (all[a] ?? 0)).slice(0, body.logprobs);
  const shown = new Set([ids[at] ?? 0, ...ranked, ...(body.logprob_token_ids ?? [])]);
  const top = Object.fromEntries([...shown].map((id) => [`token_id:${id}`, all[id] ?? -20]));
  return { tokens: [`token_id:${ids[at]}`], token_logprobs: [all[ids[at] ?? 0] ?? -20], top_logprobs: [top] };
}

const withCached = (events: readonly FakeEvent[], cached: number | undefined): readonly FakeEvent[] =>
  cached === undefined
    ? events
    : events.map((event) =>
        event.usage ? { ...event, usage: { ...event.usage, prompt_tokens_details: { cached_tokens: cached } } } : event,
      );

export const sendEvent = (response: http.ServerResponse, event: unknown): void =>
  void response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);

export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const counts = { arrived: 0, answered: 0 };
  const bodies: CompletionBody[] = [];
  let headers: http.IncomingHttpHeaders = {};
  /** By request: what was written once need not be made again. */
  const known = new Map<string, readonly FakeEvent[]>();
  let inFlight = 0;
  let most = 0;
  const complete = async (body: CompletionBody, response: http.ServerResponse): Promise<void> => {
    counts.arrived += 1;
    inFlight += 1;
    most = Math.max(most, inFlight);
    response.on('close', () => {
      inFlight -= 1;
    });
    bodies.push(body);
    const events = known.get(JSON.stringify(body)) ?? eventsFor(body, options.text);
    known.set(JSON.stringify(body), events);
    if (options.fault?.(response, { count: counts.arrived, body, events })) return;
    const cached = options.cache?.held(body.prompt);
    if (options.answerMs) await new Promise((resolve) => setTimeout(resolve, options.answerMs));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    options.cache?.keep(body.prompt);
    if (options.wire) response.write(options.wire.reply(events, body, options.text));
    else for (const event of [...withCached(events, cached), '[DONE]']) sendEvent(response, event);
    response.end(() => {
      counts.answered += 1;
    });
  };
  const server = http.createServer((request, response) => {
    headers = request.headers;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const said = Buffer.concat(parts).toString();
      const { wire, text } = options;
      if (request.url === (wire?.path ?? '/v1/completions')) {
        void complete(wire ? wire.bodyOf(JSON.parse(said), text) : (JSON.parse(said) as CompletionBody), response);
      } else answerQuestion({ url: request.url ?? '', said }, response, options);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    counts,
    bodies,
    headers: () => headers,
    most: () => most,
    kill: () => void close(),
    close,
  };
}

type Question = { readonly url: string; readonly said: string };

function answerQuestion({ url, said }: Question, response: http.ServerResponse, options: FakeServerOptions): void {
  const { contextTokens = 4096, model = 'fake' } = options;
  const answer: Readonly<Record<string, unknown>> = options.wire?.facts ?? {
    '/v1/models': { data: [{ id: model, owned_by: 'vllm', max_model_len: contextTokens, root: 'fake-weights' }] },
    '/version': { version: '0.0.0-fake' },
  };
  const known = answer[url];
  const found = typeof known === 'function' ? known(JSON.parse(said), options.text) : known;
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ?? { detail: 'Not Found' }));
}
