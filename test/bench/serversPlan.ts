// Owns the bench of models on servers: what this program's client costs beside a plain one, on a server that takes a fixed time, on one that
// answers at once and on real ones, and what the order of requests saves where a prefix cache holds less than all prompts.

import { loadModelText } from '../../engine/text/loadModelText';
import { type FakeServer, startFakeServer } from '../support/fakeServer';
import { bundledModel } from '../support/localModel';
import { type ModelServer, startLlamaServer, startVllmServer } from '../support/modelServer';
import { prefixCache } from '../support/prefixCache';
import { prepareRealModel } from '../support/realModel';
import { type MeasuredProcess, startProcess } from './childProcess';
import type { BenchPlan } from './fullPlan';
import type { Step } from './interleaved';
import type { RowSpec } from './rows';
import type { ServersRequest, ServersSpec, TextWork } from './serversProcess';

const answerMs = 200;
const concurrencies = [1, 8, 32] as const;
/** Seconds that one measurement takes at the server's own limit. */
const seconds = 4;

type Part = Pick<BenchPlan, 'about' | 'steps' | 'rows' | 'close'>;

/** @param real on that real server alone, which takes minutes */
export async function serversPlan(real?: RealServerName): Promise<BenchPlan> {
  const parts = real ? [await realParts[real]()] : [await timedPart(), await instantPart(), await fakeOrderPart()];
  return {
    about: parts.flatMap(({ about }) => about),
    steps: parts.flatMap(({ steps }) => steps),
    rows: parts.flatMap(({ rows }) => rows),
    once: [],
    bounds: [],
    warmsUp: false,
    close: async () => {
      for (const { close } of parts) await close();
    },
  };
}

type Client = MeasuredProcess<ServersRequest>;

const startClient = (spec: ServersSpec): Promise<Client> => startProcess<ServersRequest>('serversProcess.js', spec);

/** Both clients at each concurrency, in turns. */
function throughputSteps(
  name: string,
  client: Client,
  workAt: (atOnce: number) => Omit<TextWork, 'first'>,
): readonly Step[] {
  let asked = 0;
  const step = (what: 'ours' | 'plain', atOnce: number): Step => ({
    key: `${name}/${what} ${atOnce}`,
    measure: () => {
      const work = workAt(atOnce);
      const first = asked;
      asked += work.count + work.warmUp;
      return client.ask({ what, atOnce, text: { ...work, first } });
    },
  });
  return concurrencies.flatMap((atOnce) => [step('plain', atOnce), step('ours', atOnce)]);
}

const overheadRows = (name: string, title: string): readonly RowSpec[] =>
  concurrencies.map((atOnce) => ({
    work: `requests a second at ${atOnce} at once over a plain client's, ${title} (client overhead ≤ 5 %)`,
    ratio: (of) => of(`${name}/plain ${atOnce}`, 'wallMs') / of(`${name}/ours ${atOnce}`, 'wallMs'),
    target: { atLeast: 0.95 },
  }));

const rateRows = (name: string, title: string): readonly RowSpec[] =>
  concurrencies.map((atOnce) => ({
    work: `requests a second at ${atOnce} at once, ${title}`,
    ratio: (of) => (1000 * of(`${name}/ours ${atOnce}`, 'tokens')) / of(`${name}/ours ${atOnce}`, 'wallMs'),
    target: null,
  }));

async function timedPart(): Promise<Part> {
  const server = await startFakeServer({ text: await loadModelText(bundledModel), answerMs });
  const client = await startClient({ url: server.url, tokenizer: bundledModel, model: 'fake', dialect: 'vllm' });
  const workAt = (atOnce: number) => {
    const count = Math.round((seconds * 1000 * atOnce) / answerMs);
    return { promptTokens: 6, maxTokens: 64, count, warmUp: 3 * atOnce };
  };
  return {
    about: [`servers: one that answers every request after ${answerMs} ms, whatever the number at once`],
    steps: throughputSteps('timed', client, workAt),
    rows: overheadRows('timed', `which takes ${answerMs} ms for each`),
    close: () => closeAll(client, server),
  };
}

/** Here the client is all there is: what it takes of a processor for a request. */
async function instantPart(): Promise<Part> {
  const server = await startProcess<object>('instantProcess.js', { tokenizer: bundledModel });
  const client = await startClient({ url: server.about, tokenizer: bundledModel, model: 'fake', dialect: 'vllm' });
  const name = 'instant';
  const perRequest = (what: 'ours' | 'plain', atOnce: number): RowSpec => ({
    work: `milliseconds of a processor a request, ${what === 'ours' ? 'this program' : 'a plain client'}, ${atOnce} at once`,
    ratio: (of) => of(`${name}/${what} ${atOnce}`) / of(`${name}/${what} ${atOnce}`, 'tokens'),
    target: null,
  });
  return {
    about: ['servers: one that answers at once, in a process of its own'],
    steps: throughputSteps(name, client, () => ({ promptTokens: 160, maxTokens: 64, count: 2000, warmUp: 200 })),
    rows: [...rateRows(name, 'where the server answers at once'), perRequest('plain', 32), perRequest('ours', 32)],
    close: () => closeAll(client, server),
  };
}

/** Bounds the overhead from above, also where other work slows both clients down. */
const costRows = (name: string): readonly RowSpec[] =>
  concurrencies.map((atOnce) => ({
    work: `this client's processor time over the time that ${name} takes for a plain client, ${atOnce} at once`,
    ratio: (of) => of(`${name}/ours ${atOnce}`) / of(`${name}/plain ${atOnce}`, 'wallMs'),
    target: { atMost: 0.05 },
  }));

type OrderWork = {
  readonly examples: number;
  readonly leaves: number;
  readonly promptTokens: number;
  /** What the server's cache has room for, in words. */
  readonly held: string;
};

const promptsOf = ({ examples, promptTokens }: OrderWork, first: number): readonly (readonly number[])[] =>
  Array.from({ length: examples }, (_, at) =>
    Array.from({ length: promptTokens }, (_, place) => 3 + ((place * 7 + (first + at) * 31) % 500)),
  );

const orderRows = (name: string, title: string, { examples, leaves, promptTokens }: OrderWork): readonly RowSpec[] => {
  const asked = examples * leaves * (promptTokens + 2);
  const most = ((leaves - 1) * promptTokens) / (leaves * (promptTokens + 2));
  return [
    {
      work: `prompt tokens found in the prefix cache, condition by condition (share), ${title}`,
      ratio: (of) => 1 - of(`${name}/shuffled`, 'tokens') / asked,
      target: null,
    },
    {
      work: `the same in our order: an example’s requests together, one of each prefix ahead (share; at most ${most.toFixed(2)}), ${title}`,
      ratio: (of) => 1 - of(`${name}/ordered`, 'tokens') / asked,
      target: { atLeast: Math.round(90 * most) / 100 },
    },
  ];
};

const fakeOrder: OrderWork = { examples: 24, leaves: 8, promptTokens: 320, held: 'six of them' };
const heldExamples = 6;

/** Each order on a server of its own, whose cache holds the prompts of a few examples. */
async function fakeOrderPart(): Promise<Part> {
  const text = await loadModelText(bundledModel);
  const { examples, leaves, promptTokens } = fakeOrder;
  const step = (what: 'ordered' | 'shuffled'): Step => ({
    key: `fake/${what}`,
    measure: async () => {
      const server = await startFakeServer({ text, answerMs: 10, cache: prefixCache(heldExamples * promptTokens) });
      const client = await startClient({ url: server.url, tokenizer: bundledModel, model: 'fake', dialect: 'vllm' });
      try {
        return await client.ask({ what, prompts: promptsOf(fakeOrder, 0), leaves });
      } finally {
        await closeAll(client, server);
      }
    },
  });
  return {
    about: [
      `servers: a block cache as vLLM's that holds ${heldExamples} of ${examples} prompts of ${promptTokens} tokens, ${leaves} conditions, 4 at once`,
    ],
    steps: [step('shuffled'), step('ordered')],
    rows: orderRows('fake', 'a fake of vLLM', fakeOrder),
    close: async () => undefined,
  };
}

/** Short: on processors a real server reads some hundred tokens a second. */
const realWork = (atOnce: number): Omit<TextWork, 'first'> => ({
  promptTokens: 40,
  maxTokens: 8,
  count: 4 + 2 * atOnce,
  warmUp: atOnce === 1 ? 2 : atOnce,
});

type RealServer = { readonly name: string; readonly dialect: string; readonly order: OrderWork };

async function realPart({ name, dialect, order }: RealServer, server: ModelServer): Promise<Part> {
  const spec: ServersSpec = { url: server.url, tokenizer: await prepareRealModel(), model: 'smollm2', dialect };
  const client = await startClient(spec);
  let asked = 0;
  const ordering = (what: 'ordered' | 'shuffled'): Step => ({
    key: `${name}/${what}`,
    measure: () => {
      asked += order.examples;
      return client.ask({ what, prompts: promptsOf(order, asked), leaves: order.leaves });
    },
  });
  return {
    about: [
      `servers: ${name} on one thread, SmolLM2 135M; ${order.examples} prompts of ${order.promptTokens} tokens, ${order.leaves} conditions; its cache holds ${order.held}`,
    ],
    steps: [...throughputSteps(name, client, realWork), ordering('shuffled'), ordering('ordered')],
    rows: [...rateRows(name, name), ...overheadRows(name, name), ...costRows(name), ...orderRows(name, name, order)],
    close: async () => {
      await client.close();
      await server.stop();
    },
  };
}

/** Its slots hold a prompt each, and what they held before lies in its memory for prompts, which holds all. */
const llamaPart = async (): Promise<Part> => {
  const order = { examples: 12, leaves: 4, promptTokens: 64, held: 'all, four of them in its slots' };
  return realPart({ name: 'llama.cpp', dialect: 'llama.cpp', order }, await startLlamaServer());
};

const vllmBlocks = { blockTokens: 32, blocks: 40 };

const vllmPart = async (): Promise<Part> => {
  const order = { examples: 24, leaves: 4, promptTokens: 64, held: 'about sixteen of them' };
  return realPart(
    { name: 'vLLM', dialect: 'vllm', order },
    await startVllmServer({ contextTokens: 512, ...vllmBlocks }),
  );
};

export const realParts = { 'llama.cpp': llamaPart, vllm: vllmPart } as const;
export type RealServerName = keyof typeof realParts;

async function closeAll(client: Client, server: Pick<FakeServer, 'close'>): Promise<void> {
  await client.close();
  await server.close();
}
