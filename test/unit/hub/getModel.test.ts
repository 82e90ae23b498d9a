import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { CancelledError, UserError } from '../../../engine/domain/failure';
import { describeModel, getModel } from '../../../engine/hub/getModel';
import { hubModel } from '../../../engine/hub/hubModel';
import type { HubPlace } from '../../../engine/hub/hubPlace';
import { cachedModels, checkCached, findCached, removeCached } from '../../../engine/hub/onDisk';
import { temporaryFolder } from '../../support/cli';
import { type HubServer, startHubServer } from '../../support/hubServer';

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
const repo = {
  name: 'someone/model-ONNX',
  license: 'apache-2.0',
  files: {
    'config.json': Buffer.from('{}'),
    'tokenizer.json': Buffer.from('{"a": 1}'),
    'README.md': Buffer.from('# Model'),
    'onnx/model.onnx': Buffer.alloc(1000, 1),
    'onnx/model.onnx_data': weights,
    'onnx/model_q4.onnx': weights.subarray(0, 50_000),
    'pytorch_model.bin': Buffer.alloc(5000, 2),
    '../outside.json': Buffer.from('{}'),
  },
};
const never = new AbortController().signal;

describe('downloading a model', () => {
  let server: HubServer;
  let place: HubPlace;
  before(async () => {
    server = await startHubServer(repo);
  });
  after(() => server.close());
  beforeEach(() => {
    place = { endpoint: server.endpoint, cache: temporaryFolder(), offline: false };
    (server.requests as string[]).length = 0;
  });
  afterEach(() => {
    server.fault = null;
    server.token = null;
    fs.rmSync(place.cache, { recursive: true });
  });

  async function get(text: string, signal = never, onProgress: (bytes: number) => void = () => {}): Promise<string> {
    const model = hubModel(text);
    const info = await describeModel(place, model, signal);
    return getModel(place, { model, info, signal, onProgress: ({ bytes }) => onProgress(bytes) });
  }

  it('says what it is and weighs first', async () => {
    const info = await describeModel(place, hubModel(repo.name), never);
    assert.equal(info.commit, server.commit);
    assert.equal(info.license, 'apache-2.0');
    assert.deepEqual(
      info.exports.map(({ precision, bytes }) => [precision, bytes]),
      [
        ['q4', 50_000],
        ['fp32', 301_000],
      ],
    );
    assert.ok(!info.files.some((file) => file.path.includes('outside')));
  });

  it('takes no name from the hub that could lead out of the cache', async () => {
    for (const [kind, what] of [
      ['strangeCommit', /tells the commit as "\.\.\/\.\.\/\.\.\/outside"/],
      ['strangeSums', /tells the checksum of config\.json as "\.\.\/\.\.\/\.\.\/outside"/],
    ] as const) {
      server.fault = { kind };
      await assert.rejects(get(repo.name), (error) => error instanceof UserError && what.test(error.message));
      assert.deepEqual(fs.readdirSync(place.cache), []);
    }
  });

  it("lays the files out as the hub's own tools do, and fetches nothing twice", async () => {
    const folder = await get(`${repo.name}:fp32`);
    const root = path.join(place.cache, 'models--someone--model-ONNX');
    assert.equal(folder, path.join(root, 'snapshots', server.commit));
    assert.deepEqual(fs.readFileSync(path.join(folder, 'onnx/model.onnx_data')), weights);
    assert.match(fs.readlinkSync(path.join(folder, 'onnx/model.onnx_data')), /^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    assert.equal(fs.readFileSync(path.join(root, 'refs/main'), 'utf8'), server.commit);
    assert.ok(!fs.existsSync(path.join(folder, 'pytorch_model.bin')));
    const files = server.requests.filter((one) => one.includes('/resolve/')).length;
    await get(`${repo.name}:fp32`);
    assert.equal(server.requests.filter((one) => one.includes('/resolve/')).length, files);
    assert.equal(findCached(place, hubModel(repo.name)), path.join(folder, 'onnx/model.onnx'));
    assert.equal(findCached(place, hubModel('someone/other')), null);
    assert.throws(() => findCached(place, hubModel(`${repo.name}:q4`)), /no export in q4\. It has: fp32/);
  });

  it('goes on where the connection broke off', async () => {
    server.fault = { kind: 'cut', afterBytes: 100_000, times: 3 };
    const folder = await get(`${repo.name}:fp32`);
    assert.deepEqual(fs.readFileSync(path.join(folder, 'onnx/model.onnx_data')), weights);
    assert.ok(server.requests.some((one) => one.endsWith('bytes=100000-')));
  });

  it('begins anew where the server knows no ranges', async () => {
    server.fault = { kind: 'noRanges', afterBytes: 1, times: 1 };
    const folder = await get(`${repo.name}:fp32`);
    assert.deepEqual(fs.readFileSync(path.join(folder, 'onnx/model.onnx_data')), weights);
  });

  it('tries again what passes, and gives up with the way on', async () => {
    server.fault = { kind: 'status', status: 503, times: 2 };
    await get(`${repo.name}:q4`);
    fs.rmSync(path.join(place.cache, 'models--someone--model-ONNX'), { recursive: true });
    server.fault = { kind: 'status', status: 404, times: 100 };
    await assert.rejects(get(`${repo.name}:q4`), /The hub has no .* in someone\/model-ONNX/);
  });

  it('keeps what has arrived when it is cancelled, and goes on from there', async () => {
    const controller = new AbortController();
    server.fault = { kind: 'cut', afterBytes: 100_000, times: 1000 };
    const stopped = get(`${repo.name}:fp32`, controller.signal, (bytes) => {
      if (bytes > 50_000) controller.abort();
    });
    await assert.rejects(stopped, CancelledError);
    assert.ok(
      fs
        .readdirSync(path.join(place.cache, 'models--someone--model-ONNX/blobs'))
        .some((n) => n.endsWith('.incomplete')),
    );
    server.fault = null;
    await get(`${repo.name}:fp32`);
    assert.ok(server.requests.some((one) => /bytes=[1-9]\d*-$/.test(one)));
  });

  it('refuses content that is not what the hub says it is', async () => {
    server.fault = { kind: 'flip' };
    await assert.rejects(get(`${repo.name}:fp32`), /arrived damaged .* was removed/);
    assert.deepEqual(cachedModels(place), []);
  });

  it('asks for a token where one is needed, and sends it to the hub alone', async () => {
    server.token = 'hf_secret';
    await assert.rejects(
      get(repo.name),
      (error: Error) => error instanceof UserError && /HF_TOKEN/.test(error.message),
    );
    place = { ...place, token: 'hf_secret' };
    await assert.rejects(describeModel({ ...place, token: 'oops' }, hubModel(repo.name), never), /must start with/);
    // The storage answers 400 to whoever sends it a token.
    await get(`${repo.name}:fp32`);
  });

  it('names what does not exist', async () => {
    await assert.rejects(get('someone/nothing'), /The hub has no this|has no/);
    await assert.rejects(get(`${repo.name}@nowhere`), UserError);
    await assert.rejects(get(`${repo.name}:int3`), /no export in int3\. It has: q4, fp32/);
    place = { ...place, offline: true };
    await assert.rejects(get(repo.name), /HF_HUB_OFFLINE/);
    place = { ...place, offline: false, endpoint: 'http://127.0.0.1:1' };
    await assert.rejects(get(repo.name), /cannot be reached/);
  });

  it('lists, checks and removes what is here', async () => {
    await get(`${repo.name}:q4`);
    const [found] = cachedModels(place);
    assert.deepEqual(
      [found?.repo, found?.precisions, found?.revisions, found?.isPartial],
      [repo.name, ['q4'], ['main'], false],
    );
    assert.deepEqual(await checkCached(place, hubModel(repo.name), never), []);
    const file = path.join(found?.folder ?? '', 'onnx/model_q4.onnx');
    fs.appendFileSync(fs.realpathSync(file), 'x');
    assert.deepEqual(
      (await checkCached(place, hubModel(repo.name), never)).map((one) => one.file),
      [file],
    );
    assert.ok(removeCached(place, hubModel(repo.name)) > 50_000);
    assert.deepEqual(cachedModels(place), []);
    assert.throws(() => removeCached(place, hubModel(repo.name)), /is not in/);
  });
});
