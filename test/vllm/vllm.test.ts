// The same traces on the same weights by three engines: this program's own, llama.cpp's server and vLLM (the real ones, `npm run test:vllm`).
// The traces are the model's own. Kept rates must agree within their intervals, and scores where the arithmetic is the same. With
// COUNTERTHOUGHT_RECORD=1 the table is written to results.md.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runCli, splitRun, temporaryFolder } from '../support/cli';
import { type ModelServer, startLlamaServer, startVllmServer } from '../support/modelServer';
import { ownLoanTraces } from '../support/ownLoanTraces';
import { projectRoot } from '../support/paths';
import { hasPython } from '../support/pythonEnvironment';
import { prepareRealModel } from '../support/realModel';
import { checkRealServer } from '../support/realServerCheck';
import { agreement, type EngineRun, engineTable } from './engineTable';

const swap = ['--swap', 'nationality=American:Canadian'];
const conditions = ['--conditions', 'frozen,half-closed,half-truncated', ...swap, '--noise', '0'];
const options = [...conditions, '--max-tokens', '32', '--json', '--outcomes'];
/** vLLM computes in float32 as we do, in another order; llama.cpp rounds activations to 8 bits. */
const sameArithmetic = 0.005;
const results = path.join(projectRoot, 'test/vllm/results.md');

type Engine = 'here' | 'llama.cpp' | 'vLLM';

const out = temporaryFolder();
const runs = new Map<Engine, EngineRun>();
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

if (process.platform === 'linux' && hasPython()) {
  describe('three engines', () => {
    let vllm: string;
    before(async () => {
      const [traces, model] = [await ownLoanTraces(), await prepareRealModel()];
      const run = async (title: Engine, where: readonly string[]): Promise<void> => {
        const startedMs = performance.now();
        const result = splitRun(await runCli(['run', traces, ...where, ...options, '--out', out]));
        const seconds = (performance.now() - startedMs) / 1000;
        runs.set(title, { title, engine: `${title}: ${result.run.model.runtime}`, seconds, ...result });
        console.log(`${title}: ${result.outcomes.length} outcomes in ${Math.round(seconds)} s`);
      };
      // vLLM takes its minutes to start while the others compute.
      const starting = start(startVllmServer());
      starting.catch(() => undefined);
      await run('here', ['--model', model]);
      await run('llama.cpp', ['--server', await start(startLlamaServer()), '--tokenizer', model]);
      vllm = await starting;
      await run('vLLM', ['--server', vllm, '--tokenizer', model]);
      const table = engineTable([...runs.values()]);
      console.log(table);
      if (process.env.COUNTERTHOUGHT_RECORD === '1') fs.writeFileSync(results, resultsText(table));
    });

    const runOf = (engine: Engine): EngineRun => {
      const found = runs.get(engine);
      assert.ok(found, `${engine} did not run`);
      return found;
    };

    test('vLLM does what the recording says', () => checkRealServer('vllm', vllm));

    test('every engine ran everything', () => {
      const sizes = (['here', 'llama.cpp', 'vLLM'] as const).map((engine) => runOf(engine).outcomes.length);
      assert.ok((sizes[0] ?? 0) >= 240, `${sizes[0]} outcomes`);
      assert.equal(new Set(sizes).size, 1);
    });

    for (const other of ['llama.cpp', 'vLLM'] as const) {
      test(`the kept rates of ${other} lie within the intervals of those here, and the other way round`, () => {
        const theirs = runOf(other).run.conditions;
        for (const mine of runOf('here').run.conditions) {
          const same = theirs.find(({ id }) => id === mine.id);
          const at = `${mine.alias}: ${mine.keptRate} of ${mine.interval}, ${same?.keptRate} of ${same?.interval}`;
          assert.ok(within(mine.keptRate, same?.interval) && within(same?.keptRate, mine.interval), at);
        }
      });
    }

    test('vLLM scores every option as it is scored here, and writes the same texts', () => {
      const { n, same, texts, sameTexts, largest } = agreement(runOf('here'), runOf('vLLM'));
      assert.ok(largest !== null && largest < sameArithmetic, `largest difference of a probability: ${largest}`);
      assert.ok(same >= 0.98 * n, `${same} of ${n} outcomes`);
      assert.ok(texts >= 80 && sameTexts >= 0.95 * texts, `${sameTexts} of ${texts} texts`);
    });

    test('llama.cpp, which rounds, says the same of most examples', () => {
      const { n, same } = agreement(runOf('here'), runOf('llama.cpp'));
      assert.ok(same >= 0.7 * n, `${same} of ${n} outcomes`);
    });
  });
} else {
  test('was not run, because it needs Linux and Python: what vLLM answered once stands in for it', () => {
    assert.ok(fs.existsSync(path.join(projectRoot, 'test/fixtures/servers/vllm.json')));
    console.log('vLLM was not started: this needs Linux and Python 3.11 or newer.');
  });
}

const within = (rate: number | null | undefined, interval: readonly [number, number] | null | undefined): boolean =>
  rate !== null && rate !== undefined && !!interval && rate >= interval[0] && rate <= interval[1];

const resultsText = (table: string): string =>
  `# The same run by three engines

Traces that SmolLM2-135M-Instruct wrote itself about loan applications (\`test/support/ownLoanTraces.ts\`), re-run on the same weights by this
program (ONNX, fp32), by llama.cpp's server (the Q4_1 file that they come from, whose activations it rounds to 8 bits) and by vLLM (float32, on
processors). Greedy, at most 32 tokens. Made by \`COUNTERTHOUGHT_RECORD=1 npm run test:vllm\`; the seconds are those of two busy cores.

${table}
`;
