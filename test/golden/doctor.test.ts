// `counterthought doctor` as a person runs it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jsonLines, runCli, temporaryFolder } from '../support/cli';
import { fakeProgram, startFakeGguf } from '../support/fakeGguf';
import { fixtureModels } from '../support/localModel';

type Line = { readonly check: string; readonly verdict: string };

describe('the doctor', () => {
  let folder = '';
  before(() => {
    folder = temporaryFolder();
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('finds the bundled model sound', async () => {
    const lines = jsonLines<Line>(await runCli(['doctor', 'bundled', '--json']));
    assert.equal(lines.length, 8);
    assert.ok(lines.every(({ verdict }) => verdict !== 'failed'));
  });

  it('ends with 1 and names what failed', async () => {
    const model = path.join(folder, 'model');
    fs.cpSync(path.join(fixtureModels, 'tiny-llama-plain'), model, { recursive: true });
    fs.writeFileSync(path.join(model, 'reference.json'), JSON.stringify({ texts: [{ text: 'fruit', ids: [1] }] }));
    const { code, stdout, stderr } = await runCli(['doctor', model]);
    assert.equal(code, 1);
    assert.match(stdout, /^FAILED {2}recorded ids/m);
    assert.match(stderr, /Failed: recorded ids\./);
  });

  it('examines a GGUF file through its server', async () => {
    const fake = await startFakeGguf(folder);
    const { code, stdout } = await runCli(['doctor', fake.file, '--llama-server', fakeProgram]);
    await fake.close();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /evaluation .*llama\.cpp b1-fake; served layout, Q4_K_M; 4096 tokens of context/);
  });

  it('takes one model', async () => {
    assert.equal((await runCli(['doctor'])).code, 2);
    assert.equal((await runCli(['doctor', path.join(folder, 'nothing')])).code, 1);
  });
});
