// Owns the bench of models on servers: requests a second at 1, 8 and 32 at once beside a plain client's on the same server, which answers
// after a fixed time, and what the order of requests saves on llama.cpp's real server with a cache of its slots alone.
import { loadModelText } from '../../engine/text/loadModelText';
import { startFakeServer } from '../support/fakeServer';
import { bundledModel } from '../support/localModel';
import { startLlamaServer } from '../support/modelServer';
import { prepareRealModel } from '../support/realModel';
import { startProcess } from './childProcess';
import type { BenchPlan } from './fullPlan';
import type { Step } from './interleaved';
import type { RowSpec } from './rows';
import type { ServersRequest, ServersSpec } from './serversProcess';

const answerMs = 200;
const concurrencies = [1, 8, 32] as const;
/** Seconds that one measurement takes at the server's own limit. */
const seconds = 4;
const examples = 6;
const leaves = 6;

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

/** Without Python its rows are not measured, and the reason is printed. */
async function orderPart(): Promise<Part> {
  try {
    const server = await startLlamaServer(4, { promptCache: false });
    const tokenizer = await prepareRealModel();
    const text = await loadModelText(tokenizer);
    const client = await startProcess<ServersRequest>('serversProcess.js', {
      url: server.url,
      tokenizer,
      model: 'smollm2',
    });
    const prompts = Array.from({ length: examples }, (_, at) => {
      const facts = Array.from(
        { length: 8 },
        (_, year) => `In year ${year} applicant ${at} earned ${at * 1000 + year} dollars.`,
      );
      return text.encode(facts.join('\n')).ids;
    });
    const asked = prompts.reduce((sum, ids) => sum + leaves * (ids.length + 2), 0);
    const step = (what: 'ordered' | 'shuffled'): Step => ({
      key: `servers/${what}`,
      measure: () => client.ask({ what, prompts, leaves }),
    });
    return {
      about: [`servers: llama.cpp's, 4 slots, ${examples} examples of ${leaves} conditions, ${asked} prompt tokens`],
      steps: [step('shuffled'), step('ordered')],
      rows: orderRows(asked),
      close: async () => {
        await client.close();
        await server.stop();
      },
    };
  } catch (error) {
    const about = [`the order of requests is not measured: ${(error as Error).message}`];
    return { about, steps: [], rows: orderRows(Number.NaN), close: async () => undefined };
  }
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
