// The command line over llama.cpp's real server and a model of 135 million parameters: two replicas behind a router, one of them killed in the
// middle of a run. Needs Python; without it the recorded replies, which are always replayed, have to do.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eachEvent, listRuns } from '../../engine/store/runLog';
import { type OutcomeLine, runCli, splitRun, startCli, temporaryFolder } from '../support/cli';
import { type ModelServer, startLlamaServer } from '../support/modelServer';
import { projectRoot } from '../support/paths';
import { hasPython } from '../support/pythonEnvironment';
import { checkRealServer } from '../support/realServerCheck';
import { type Router, startRouter } from '../support/roundRobin';

const file = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');
const examples = 2;
const conditions = ['--conditions', 'frozen', '--swap', 'nationality=American:Canadian', '--noise', '0'];
const common = ['run', file, ...conditions, '--limit', String(examples)];
/** llama.cpp's numbers move a little with what its cache holds. */
const tolerance = 0.05;

if (hasPython()) {
  describe("llama.cpp's server", () => {
    let replicas: readonly ModelServer[] = [];
    let router: Router;
    const folders: string[] = [];
    before(async () => {
      replicas = await Promise.all([startLlamaServer(), startLlamaServer()]);
      router = await startRouter(replicas.map(({ url }) => url));
    });
    after(async () => {
      await router?.close();
      await Promise.all(replicas.map((replica) => replica.stop()));
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    const folder = (): string => {
      const made = temporaryFolder();
      folders.push(made);
      return made;
    };

    it('does what the recording says', () => checkRealServer('llama.cpp', replicas[0]?.url ?? ''));

    it('gives the same result when one of two replicas is killed in the middle, and runs nothing twice', async () => {
      const args = [...common, '--json', '--outcomes'];
      const alone = replicas[1]?.url ?? '';
      const calm = splitRun(await runCli([...args, '--server', alone, '--out', folder()]));
      assert.equal(calm.outcomes.length, 2 * examples);
      const out = folder();
      const { result } = startCli([...args, '--server', router.url, '--out', out]);
      while (finished(out) < 1) await delay(20);
      replicas[0]?.kill();
      const disturbed = splitRun(await result);
      compare(disturbed.outcomes, calm.outcomes);
      assert.equal(finished(out), examples);
    });
  });
} else {
  it('was not started, because Python is missing: its recorded replies stand in for it', () => {
    assert.ok(existsSync(path.join(projectRoot, 'test/fixtures/servers/llama.cpp.json')));
  });
}

/** How many examples a run has finished; each must be so once. */
function finished(out: string): number {
  const [dir] = listRuns(out);
  const seen: string[] = [];
  if (dir !== undefined) {
    eachEvent(dir, (event) => {
      if (event.type === 'exampleFinished') seen.push(event.example);
    });
  }
  assert.equal(new Set(seen).size, seen.length);
  return seen.length;
}

function compare(found: readonly OutcomeLine[], expected: readonly OutcomeLine[]): void {
  const keyOf = ({ example, condition }: OutcomeLine): string => `${example} ${condition}`;
  const known = new Map(expected.map((line) => [keyOf(line), line]));
  assert.equal(found.length, expected.length);
  for (const line of found) {
    const other = known.get(keyOf(line));
    for (const [option, probability] of Object.entries(line.probabilities ?? {})) {
      const before = other?.probabilities?.[option] ?? Number.NaN;
      assert.ok(Math.abs(probability - before) < tolerance, `${option}: ${probability}, undisturbed ${before}`);
    }
    assert.ok(line.probabilities !== null, 'options are scored, not chosen');
  }
}
