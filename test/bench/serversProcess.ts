// The measured process for models on servers: it asks as this program does, or as the plainest client does that reads every answer whole.
import http from 'node:http';
import type { Backend } from '../../engine/backends/backend';
import { dialects } from '../../engine/backends/completions/dialects';
import { addressOf } from '../../engine/backends/completions/endpointAddress';
import { openServed } from '../../engine/backends/completions/openServed';
import { plainRequest } from '../../engine/backends/completions/requests';
import type { Job, Leaf } from '../../engine/domain/job';
import { greedy } from '../../engine/domain/run';
import { serve } from './childProcess';
import { type Measured, measure, type Work } from './measured';

export type ServersSpec = {
  readonly url: string;
  readonly tokenizer: string;
  readonly model: string;
  /** Whose requests the plain client sends, too. */
  readonly dialect: string;
};

/** Texts to have written. No two that are asked for begin alike, so that no cache helps whoever comes second. */
export type TextWork = {
  readonly promptTokens: number;
  readonly maxTokens: number;
  /** Number of the first one. */
  readonly first: number;
  readonly count: number;
  /** Answers before the clock runs. */
  readonly warmUp: number;
};

export type ServersRequest =
  /** So many texts, so many at once: by this program, or by a plain client. */
  | { readonly what: 'ours' | 'plain'; readonly atOnce: number; readonly text: TextWork }
  /** So many examples of so many leaves that share most of their prompt: one after the other in our order, or all leaves anyhow. */
  | {
      readonly what: 'ordered' | 'shuffled';
      readonly prompts: readonly (readonly number[])[];
      readonly leaves: number;
    };

const leafOf = (key: string, ids: readonly number[], maxTokens: number): Leaf => ({
  key,
  ids,
  readout: { kind: 'continued', maxTokens, stopTexts: [] },
  sampling: greedy,
  streams: [key],
});

async function runJob(backend: Backend, job: Job): Promise<void> {
  for await (const _ of backend.run(job, new AbortController().signal));
}

/** Runs so many at once until all are done. */
async function lanes(count: number, atOnce: number, run: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await run(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

function textJob(at: number, { promptTokens, maxTokens }: TextWork): Job {
  const ids = Array.from({ length: promptTokens }, (_, place) => 3 + ((place * 7 + at * (place + 1)) % 500));
  return { prompt: ids.slice(0, -2), leaves: [leafOf('text', ids.slice(-2), maxTokens)] };
}

/** The same body as ours, and nothing done with the answer. */
function plain({ url, model, dialect: id }: ServersSpec, { prompt, leaves }: Job): Promise<void> {
  const dialect = dialects.find((one) => one.id === id);
  const [leaf] = leaves;
  if (!dialect || leaf?.readout.kind !== 'continued') throw new Error(`There is no dialect ${id}.`);
  const ids = [...prompt, ...leaf.ids];
  const asked = { prompt: { ids, text: () => '', chat: null }, maxTokens: leaf.readout.maxTokens, topLogProbs: 2 };
  const body = JSON.stringify(dialect.body({ ...plainRequest, model, endIds: [], ...asked }));
  return post(addressOf(url, dialect.path), body);
}

/** Again, where a kept connection had been closed by the server meanwhile, as llama.cpp's does. */
function post(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = http.request(url, { method: 'POST', headers, agent }, (response) => {
      response.on('data', () => undefined).on('end', resolve);
    });
    request.on('error', (error) => (request.reusedSocket ? post(url, body).then(resolve, reject) : reject(error)));
    request.end(body);
  });
}

const agent = new http.Agent({ keepAlive: true });

serve<ServersSpec, ServersRequest>(async (spec) => {
  const { url, tokenizer, model } = spec;
  const open = async (atOnce: number, keepsPrefixesTogether = true): Promise<Backend> => {
    const server = { endpoints: [url], tokenizer, dialect: 'auto', maxInFlight: atOnce };
    return (await openServed(model, server, { keepsPrefixesTogether })).backend;
  };
  const counted = (tokens: number): Work => ({ ids: [], tokens });
  const texts = async ({ what, atOnce, text }: Extract<ServersRequest, { atOnce: number }>): Promise<Measured> => {
    const backend = await open(atOnce);
    const { first, warmUp, count } = text;
    const one = (at: number): Promise<void> => {
      const job = textJob(first + at, text);
      return what === 'ours' ? runJob(backend, job) : plain(spec, job);
    };
    // The limit of requests at once has grown to what is allowed.
    await lanes(warmUp, atOnce, one);
    return measure(async () => {
      await lanes(count, atOnce, (at) => one(warmUp + at));
      return counted(count);
    });
  };
  const prefixes = async (asked: Extract<ServersRequest, { prompts: unknown }>): Promise<Measured> => {
    const backend = await open(4, asked.what === 'ordered');
    const jobs = asked.prompts.map((prompt) => ({
      prompt,
      leaves: Array.from({ length: asked.leaves }, (_, leaf) => leafOf(`leaf ${leaf}`, [100 + leaf, 200 + leaf], 1)),
    }));
    const single = jobs.flatMap(({ prompt, leaves }) => leaves.map((leaf) => ({ prompt, leaves: [leaf] })));
    // Leaf by leaf over all examples: as conditions would come one after the other.
    const anyhow = single.map((_, at) => single[(at % jobs.length) * asked.leaves + Math.floor(at / jobs.length)]);
    const order = asked.what === 'ordered' ? jobs : anyhow;
    return measure(async () => {
      await lanes(order.length, 4, async (at) => {
        const job = order[at - 1];
        if (job) await runJob(backend, job);
      });
      const { promptTokens = 0, cachedTokens = 0 } = backend.traffic?.() ?? {};
      return counted(promptTokens - cachedTokens);
    });
  };
  return {
    about: `this program's client of ${model}`,
    answer: (asked) => ('atOnce' in asked ? texts(asked) : prefixes(asked)),
  };
});
