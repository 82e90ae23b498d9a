// Owns the bench of models on servers: requests a second at 1, 8 and 32 at once beside a plain client's on the same server, which answers
// after a fixed time, and what the order of requests saves where a prefix cache holds less than all prompts.
import { loadModelText } from '../../engine/text/loadModelText';
import { type FakeServer, startFakeServer } from '../support/fakeServer';
import { bundledModel } from '../support/localModel';
import { prefixCache } from '../support/prefixCache';
import { startProcess } from './childProcess';
import type { BenchPlan } from './fullPlan';
import type { Step } from './interleaved';
import type { Measured } from './measured';
import type { RowSpec } from './rows';
import type { ServersRequest, ServersSpec } from './serversProcess';

const answerMs = 200;
const concurrencies = [1, 8, 32] as const;
/** Seconds that one measurement takes at the server's own limit. */
const seconds = 4;
const examples = 24;
const leaves = 8;
const promptTokens = 320;
const heldExamples = 6;

type Part = Pick<BenchPlan, 'about' | 'steps' | 'rows' | 'close'>;

export async function serversPlan(): Promise<BenchPlan> {
  const parts = [await throughputPart(), await orderPart()];
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

async function throughputPart(): Promise<Part> {
  const server = await startFakeServer({ text: await loadModelText(bundledModel), answerMs });
  const spec: ServersSpec = { url: server.url, tokenizer: bundledModel, model: 'fake' };
  const client = await startProcess<ServersRequest>('serversProcess.js', spec);
  const step = (what: 'ours' | 'plain', atOnce: number): Step => ({
    key: `servers/${what} ${atOnce}`,
    measure: () => client.ask({ what, atOnce, count: Math.round((seconds * 1000 * atOnce) / answerMs) }),
  });
  return {
    about: [`servers: one that answers every request after ${answerMs} ms, whatever the number at once`],
    steps: concurrencies.flatMap((atOnce) => [step('plain', atOnce), step('ours', atOnce)]),
    rows: concurrencies.map(
      (atOnce): RowSpec => ({
        work: `requests a second at ${atOnce} at once over a plain client's (client overhead ≤ 5 %)`,
        ratio: (of) => of(`servers/plain ${atOnce}`, 'wallMs') / of(`servers/ours ${atOnce}`, 'wallMs'),
        target: { atLeast: 0.95 },
      }),
    ),
    close: async () => {
      await client.close();
      await server.close();
    },
  };
}

/** Each order on a server of its own, whose cache holds the prompts of a few examples. */
async function orderPart(): Promise<Part> {
  const text = await loadModelText(bundledModel);
  const prompts = Array.from({ length: examples }, (_, at) =>
    Array.from({ length: promptTokens }, (_, i) => 3 + ((i * 7 + at * 31) % 500)),
  );
  const asked = examples * leaves * (promptTokens + 2);
  const servers: FakeServer[] = [];
  const measureIn = async (what: 'ordered' | 'shuffled'): Promise<Measured> => {
    const server = await startFakeServer({ text, answerMs: 10, cache: prefixCache(heldExamples * promptTokens) });
    servers.push(server);
    const client = await startProcess<ServersRequest>('serversProcess.js', {
      url: server.url,
      tokenizer: bundledModel,
      model: 'fake',
    });
    const measured = await client.ask({ what, prompts, leaves });
    await client.close();
    return measured;
  };
  return {
    about: [
      `servers: a block cache as vLLM's that holds ${heldExamples} of ${examples} prompts of ${promptTokens} tokens, ${leaves} conditions, 4 at once`,
    ],
    steps: (['shuffled', 'ordered'] as const).map((what) => ({
      key: `servers/${what}`,
      measure: () => measureIn(what),
    })),
    rows: orderRows(asked),
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

const orderRows = (asked: number): readonly RowSpec[] => [
  {
    work: 'prompt tokens found in the prefix cache, condition by condition (share)',
    ratio: (of) => 1 - of('servers/shuffled', 'tokens') / asked,
    target: null,
  },
  {
    work: 'the same in our order: an example’s requests together, one of each prefix ahead (share)',
    ratio: (of) => 1 - of('servers/ordered', 'tokens') / asked,
    target: { atLeast: 0.75 },
  },
];
