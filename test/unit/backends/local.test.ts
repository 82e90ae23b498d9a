import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLocalBackend } from '../../../engine/backends/local';
import type { Job, LeafEvent } from '../../../engine/domain/job';
import { fixtureModels, runToEnd } from '../../support/localModel';

const qwen = path.join(fixtureModels, 'tiny-qwen2-gqa');
const greedy = { temperature: 0, topK: 0, topP: 1, minP: 0 };

/** Writes for long: its end tokens are improbable under these weights and it starts many texts. */
function longJob(streams: number): Job {
  const readout = { kind: 'continued', maxTokens: 400, stopTexts: [] } as const;
  const sampling = { ...greedy, temperature: 1 };
  const leaf = { key: 'a', ids: [5], readout, sampling, streams: Array.from({ length: streams }, (_, i) => `${i}`) };
  return { prompt: [3, 4], leaves: [leaf] };
}

describe('a model in its thread', () => {
  let opened: Awaited<ReturnType<typeof openLocalBackend>>;
  before(async () => {
    opened = await openLocalBackend(qwen);
  });
  after(() => opened.backend.dispose());

  test('says what it is', () => {
    const { model, capabilities } = opened.backend;
    assert.equal(model.id, 'tiny-qwen2-gqa');
    assert.equal(model.layout, 'gqa');
    assert.equal(model.precision, 'fp32');
    assert.match(model.sha256, /^[0-9a-f]{64}$/);
    assert.match(model.runtime, /^onnxruntime-node \d/);
    assert.ok(capabilities.exact && capabilities.forced && capabilities.contextTokens > 0);
  });

  test('streams text while it writes', async () => {
    const events = await runToEnd(opened.backend, longJob(2));
    const last = events.filter((event) => event.type === 'continued');
    assert.equal(last.length, 2);
    for (const whole of last) {
      const pieces = events.flatMap((e) => (e.type === 'text' && e.sample === whole.sample ? [e.text] : []));
      assert.ok(pieces.length > 1);
      assert.equal(pieces.join(''), whole.text);
    }
  });

  test('a cancelled job ends within 300 ms and the next one runs', async () => {
    const controller = new AbortController();
    const events: LeafEvent[] = [];
    let cancelledAt = 0;
    const reading = (async () => {
      for await (const event of opened.backend.run(longJob(400), controller.signal)) {
        events.push(event);
        if (events.length === 10) {
          cancelledAt = performance.now();
          controller.abort();
        }
      }
    })();
    await assert.rejects(reading, { name: 'CancelledError' });
    assert.ok(performance.now() - cancelledAt < 300);
    assert.equal(events.length, 10);
    const next = await runToEnd(opened.backend, longJob(1));
    assert.equal(next.at(-1)?.type, 'spent');
    assert.ok(performance.now() - cancelledAt < 5000, 'the cancelled job does not go on behind the scenes');
  });

  test('an urgent job is answered while another one runs, and neither changes the other', async () => {
    const [long, short] = [longJob(12), longJob(1)];
    const calm = await runToEnd(opened.backend, long);
    const finished: string[] = [];
    const running = runToEnd(opened.backend, long).then((events) => {
      finished.push('long');
      return events;
    });
    const urgent = await runToEnd(opened.backend, { ...short, urgent: true });
    finished.push('urgent');
    const written = (events: readonly LeafEvent[]) =>
      events.flatMap((event) => (event.type === 'continued' ? [[event.sample, event.ids] as const] : []));
    const bySample = (events: readonly LeafEvent[]) => new Map(written(events));
    assert.deepEqual(bySample(await running), bySample(calm));
    assert.deepEqual(finished, ['urgent', 'long']);
    assert.deepEqual(
      written(urgent),
      written(calm).filter(([sample]) => sample === 0),
    );
  });

  test('a job that fails leaves the model usable', async () => {
    const job = longJob(1);
    const long = { ...job, prompt: Array.from({ length: opened.backend.capabilities.contextTokens }, () => 3) };
    await assert.rejects(runToEnd(opened.backend, long), { name: 'UserError', message: /context/ });
    assert.equal((await runToEnd(opened.backend, job)).at(-1)?.type, 'spent');
  });
});

test('when the thread dies, open jobs fail with a sentence and the next one reopens the model', async () => {
  const { backend } = await openLocalBackend(qwen);
  const calm = await runToEnd(backend, longJob(1));
  const refused = assert.rejects(runToEnd(backend, longJob(50)), {
    name: 'UserError',
    message: /thread stopped.*reopened/,
  });
  // What no caller can send by its types brings the thread down.
  const deadly = runToEnd(backend, null as unknown as Job);
  await assert.rejects(deadly, { name: 'UserError', message: /thread stopped.*reopened/ });
  await refused;
  const written = (events: readonly LeafEvent[]) => events.filter(({ type }) => type === 'continued');
  assert.deepEqual(written(await runToEnd(backend, longJob(1))), written(calm));
  await backend.dispose();
});

test('after it was disposed of, a backend refuses jobs with a sentence, and open ones fail', async () => {
  const { backend } = await openLocalBackend(qwen);
  const running = runToEnd(backend, longJob(400));
  const refused = assert.rejects(running, (error: Error) => ['CancelledError', 'UserError'].includes(error.name));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await backend.dispose();
  await refused;
  await assert.rejects(runToEnd(backend, longJob(1)), { name: 'UserError', message: /closed/ });
});

describe('folders that are no models', () => {
  let place: string;
  before(() => {
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
  });
  after(() => fs.rmSync(place, { recursive: true }));

  /** A copy of a good folder with one file changed (`null`: removed). */
  function spoiled(name: string, change: Readonly<Record<string, string | Uint8Array | null>>): string {
    const folder = path.join(place, name);
    fs.cpSync(qwen, folder, { recursive: true });
    for (const [file, content] of Object.entries(change)) {
      if (content === null) fs.rmSync(path.join(folder, file));
      else fs.writeFileSync(path.join(folder, file), content);
    }
    return folder;
  }

  const onnx = fs.readFileSync(path.join(qwen, 'model.onnx'));
  const config = JSON.parse(fs.readFileSync(path.join(qwen, 'config.json'), 'utf8')) as Record<string, unknown>;
  const cases: Record<string, { change: Parameters<typeof spoiled>[1]; says: RegExp }> = {
    'no ONNX file': { change: { 'model.onnx': null }, says: /no ONNX file/ },
    'no configuration': { change: { 'config.json': null }, says: /no config\.json/ },
    'no tokenizer': { change: { 'tokenizer.json': null }, says: /tokenizer\.json/ },
    'a configuration that is not JSON': { change: { 'config.json': '{' }, says: /config\.json is not readable JSON/ },
    'a configuration of something else': { change: { 'config.json': '{"a":1}' }, says: /does not say hidden_size/ },
    'a truncated ONNX file': { change: { 'model.onnx': onnx.subarray(0, onnx.length >> 1) }, says: /damaged/ },
    'a text instead of an ONNX file': { change: { 'model.onnx': 'version https://git-lfs' }, says: /damaged/ },
    'an empty ONNX file': { change: { 'model.onnx': '' }, says: /damaged/ },
    'a shorter context': {
      change: { 'config.json': JSON.stringify({ ...config, max_position_embeddings: undefined }) },
      says: /max_position_embeddings/,
    },
  };
  for (const [name, { change, says }] of Object.entries(cases)) {
    test(name, async () => {
      const folder = spoiled(name.replaceAll(' ', '-'), change);
      await assert.rejects(openLocalBackend(folder), (error: Error) => {
        assert.equal(error.name, 'UserError');
        assert.match(error.message, says);
        assert.ok(error.message.includes(folder), 'it names the folder');
        return true;
      });
    });
  }

  test('no folder at all', async () => {
    await assert.rejects(openLocalBackend(path.join(place, 'nothing')), {
      name: 'UserError',
      message: /no model folder/,
    });
  });
});
