// A model of the hub from its name to an outcome: said what it weighs, downloaded, run, checked, removed.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { runCli, splitRun, temporaryFolder } from '../support/cli';
import { type HubServer, startHubServer } from '../support/hubServer';
import { fixtureModels } from '../support/localModel';
import { projectRoot as root } from '../support/paths';

const out = temporaryFolder();
const name = 'someone/tiny-ONNX';
let server: HubServer;

before(async () => {
  const folder = path.join(fixtureModels, 'tiny-llama-plain');
  const names = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(folder, file).split(path.sep).join('/'), fs.readFileSync(file)] as const;
  });
  server = await startHubServer({ name, license: 'mit', files: Object.fromEntries(files) });
  process.env.HF_ENDPOINT = server.endpoint;
  process.env.HF_HUB_CACHE = path.join(out, 'hub');
});
after(async () => {
  delete process.env.HF_ENDPOINT;
  delete process.env.HF_HUB_CACHE;
  await server.close();
  fs.rmSync(out, { recursive: true });
});

const traces = path.join(root, 'samples/loans-mixed.jsonl');
const run = (model: string) =>
  runCli(['run', traces, '--model', model, '--limit', '2', '--max-tokens', '8', '--out', out, '--json', '--outcomes']);

it('a model that is not here is named with the command that gets it', async () => {
  const { code, stderr } = await run(name);
  assert.equal(code, 1);
  assert.match(stderr, /counterthought models get someone\/tiny-ONNX/);
});

it('is described, downloaded, run by its name, checked and removed', async () => {
  const info = await runCli(['models', 'info', name]);
  assert.match(info.stdout, /licence: mit/);
  assert.match(info.stdout, /:fp32 {2}1 MB/);
  const got = await runCli(['models', 'get', name]);
  assert.equal(got.code, 0, got.stderr);
  assert.match(got.stderr, /Run it with --model someone\/tiny-ONNX:fp32/);
  for (const model of [name, `${name}:fp32`]) {
    const { run: object, outcomes } = splitRun(await run(model));
    assert.equal(object.examples, 2);
    assert.equal(outcomes.length, 2 * object.conditions.length);
  }
  assert.match((await runCli(['models'])).stdout, /someone\/tiny-ONNX {2}main {2}fp32 {2}1 MB/);
  assert.equal((await runCli(['models', 'check', name])).code, 0);
  assert.match((await runCli(['models', 'remove', name])).stdout, /freed/);
  assert.equal((await runCli(['models', 'check', name])).code, 1);
});

it('wrong words are wrong usage', async () => {
  assert.equal((await runCli(['models', 'fetch'])).code, 2);
  assert.equal((await runCli(['models', 'get'])).code, 2);
  assert.equal((await runCli(['models', 'get', 'no name'])).code, 1);
});
