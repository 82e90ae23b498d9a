// The command line over a GGUF file: a server of its own that ends with it, however it ends; and llama.cpp's real server where Python is.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listRuns, logFile } from '../../engine/store/runLog';
import { runCli, splitRun, startCli, temporaryFolder } from '../support/cli';
import { type FakeGguf, fakeProgram, startFakeGguf, untilGone } from '../support/fakeGguf';
import { realLlamaProgram } from '../support/modelServer';
import { projectRoot } from '../support/paths';
import { hasPython } from '../support/pythonEnvironment';
import { prepareRealWeights } from '../support/realModel';

const file = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');

/** A run that has written what it is about to do: one that is killed before leaves nothing to resume. */
const hasBegun = (runs: string): boolean =>
  listRuns(runs).some((dir) => fs.readFileSync(logFile(dir), 'utf8').includes('\n'));

describe('a run on a GGUF file', () => {
  let folder = '';
  let fake: FakeGguf;
  beforeEach(async () => {
    folder = temporaryFolder();
    fake = await startFakeGguf(folder);
  });
  afterEach(async () => {
    await fake.close();
    fs.rmSync(folder, { recursive: true });
  });
  const args = (model: string, program: string, limit = 2): readonly string[] => [
    ...['run', file, '--model', model, '--llama-server', program, '--out', path.join(folder, 'runs')],
    ...['--conditions', 'frozen', '--limit', String(limit), '--noise', '0', '--json', '--outcomes'],
  ];

  it('starts its server and ends it', async () => {
    const { outcomes } = splitRun(await runCli(args(fake.file, fakeProgram)));
    assert.equal(outcomes.length, 2);
    assert.equal(fake.starts().length, 1);
    await untilGone(fake.starts()[0]?.pid ?? 0);
  });

  it('that is killed leaves no server behind, and is resumed', async () => {
    const { child, result } = startCli(args(fake.file, fakeProgram, 40));
    while (!hasBegun(path.join(folder, 'runs'))) await delay(5);
    fake.silence.isKept = true;
    child.kill('SIGKILL');
    await result;
    await untilGone(fake.starts()[0]?.pid ?? 0);
    fake.silence.isKept = false;
    const resume = [
      'resume',
      '--llama-server',
      fakeProgram,
      '--out',
      path.join(folder, 'runs'),
      '--json',
      '--outcomes',
    ];
    assert.equal(splitRun(await runCli(resume)).outcomes.length, 40);
    assert.equal(fake.starts().length, 2);
  });

  if (hasPython()) {
    it("gives answers of a real model on llama.cpp's real server", async () => {
      const program = await realLlamaProgram(folder);
      const weights = await prepareRealWeights();
      const { outcomes, run } = splitRun(await runCli(args(weights, program)));
      assert.equal(run.examples, 2);
      for (const { probabilities, outcome } of outcomes) {
        assert.ok(outcome === 'approve' || outcome === 'reject');
        const all = Object.values(probabilities ?? {});
        assert.equal(all.length, 2);
        assert.ok(all.every((one) => one > 0 && one < 1));
      }
    });
  }
});
