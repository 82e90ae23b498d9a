// The same traces on the same weights by three engines: this program's own, llama.cpp's server and vLLM (the real ones, `npm run test:vllm`).
// The traces are the model's own. Kept rates must agree within their intervals, and scores where the arithmetic is the same.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type CliResult, type OutcomeLine, type RunObject, runCli, splitRun, temporaryFolder } from '../support/cli';
import { type ModelServer, startLlamaServer, startVllmServer } from '../support/modelServer';
import { ownLoanTraces } from '../support/ownLoanTraces';
import { prepareRealModel } from '../support/realModel';
import { checkRealServer } from '../support/realServerCheck';

const conditions = 'frozen,half-closed,keep=0.25:closed,half-truncated';
const swap = 'nationality=American:Canadian';
const options = [
  '--conditions',
  conditions,
  '--swap',
  swap,
  '--max-tokens',
  '24',
  '--noise',
  '4',
  '--json',
  '--outcomes',
];
/** vLLM computes in float32 as we do, in another order; llama.cpp rounds activations to 8 bits. */
const sameArithmetic = 0.02;

type Engine = 'here' | 'llama.cpp' | 'vLLM';
type Run = { readonly outcomes: readonly OutcomeLine[]; readonly run: RunObject };

const out = temporaryFolder();
const runs = new Map<Engine, Run>();
const servers: ModelServer[] = [];
after(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  fs.rmSync(out, { recursive: true, force: true });
});

async function start(server: Promise<ModelServer>): Promise<string> {
  const started = await server;
  servers.push(started);
  return started.url;
}

describe('three engines', () => {
  let vllm: string;
  before(async () => {
    const [traces, model] = [await ownLoanTraces(), await prepareRealModel()];
    const run = (where: readonly string[]): Promise<CliResult> =>
      runCli(['run', traces, ...where, ...options, '--out', out]);
    runs.set('here', splitRun(await run(['--model', model])));
    const llama = await start(startLlamaServer());
    runs.set('llama.cpp', splitRun(await run(['--server', llama, '--tokenizer', model])));
    vllm = await start(startVllmServer());
    runs.set('vLLM', splitRun(await run(['--server', vllm, '--tokenizer', model])));
    for (const [engine, { run: made }] of runs) console.log(tableOf(engine, made));
  });

  test('vLLM does what the recording says', () => checkRealServer('vllm', vllm));

  test('every engine ran everything', () => {
    const sizes = [...runs.values()].map(({ outcomes }) => outcomes.length);
    assert.ok((sizes[0] ?? 0) > 100);
    assert.deepEqual(new Set(sizes).size, 1);
  });

  for (const other of ['llama.cpp', 'vLLM'] as const) {
    test(`the kept rates of ${other} lie within the intervals of those here, and the other way round`, () => {
      for (const [mine, theirs] of pairsOf(other)) {
        if (mine.keptRate === null || theirs.keptRate === null) continue;
        assert.ok(within(mine.keptRate, theirs.interval), `${mine.alias}: ${mine.keptRate} not in ${theirs.interval}`);
        assert.ok(within(theirs.keptRate, mine.interval), `${mine.alias}: ${theirs.keptRate} not in ${mine.interval}`);
      }
    });
  }

  test('vLLM scores the options as they are scored here', () => {
    const theirs = new Map(runs.get('vLLM')?.outcomes.map((line) => [keyOf(line), line]));
    let compared = 0;
    for (const line of runs.get('here')?.outcomes ?? []) {
      for (const [option, probability] of Object.entries(line.probabilities ?? {})) {
        const other = theirs.get(keyOf(line))?.probabilities?.[option] ?? Number.NaN;
        assert.ok(Math.abs(probability - other) < sameArithmetic, `${keyOf(line)} ${option}: ${probability}, ${other}`);
        compared += 1;
      }
    }
    assert.ok(compared > 150, `${compared} probabilities`);
  });
});

const keyOf = ({ example, condition, sample }: OutcomeLine): string => `${example} ${condition} ${sample}`;

type Row = RunObject['conditions'][number];

function pairsOf(other: Engine): readonly (readonly [Row, Row])[] {
  const theirs = runs.get(other)?.run.conditions ?? [];
  return (runs.get('here')?.run.conditions ?? []).map((mine) => {
    const same = theirs.find(({ id }) => id === mine.id);
    assert.ok(same, `${other} lacks ${mine.alias}`);
    return [mine, same];
  });
}

const within = (rate: number, interval: Row['interval']): boolean =>
  interval !== null && rate >= interval[0] && rate <= interval[1];

function tableOf(engine: Engine, { conditions: rows }: RunObject): string {
  const lines = rows.map(({ alias, keptRate, interval, n, unreadable, noise }) => {
    const [low, high] = (interval ?? []).map((end) => (100 * end).toFixed(1));
    const rate = keptRate === null ? '–' : `${(100 * keptRate).toFixed(1)} % (${low}–${high})`;
    return `| ${engine} | ${alias} | ${rate} | ${n} | ${unreadable} | ${noise?.rate ?? '–'} |`;
  });
  return lines.join('\n');
}
