// The bundled model writes, token for token, what Python's ONNX Runtime wrote and NumPy in float64 confirmed
// (test/support/python/organism_reference.py), on prompts that no sample contains.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLocalBackend } from '../../engine/backends/local';
import type { Message } from '../../engine/domain/example';
import { bundledModel, fixtureModels, runToEnd } from '../support/localModel';

type Reference = {
  readonly model: string;
  readonly prompts: readonly {
    readonly messages: readonly Message[];
    readonly ids: readonly number[];
    readonly greedyIds: readonly number[];
  }[];
};

describe('the bundled model', () => {
  let opened: Awaited<ReturnType<typeof openLocalBackend>>;
  let reference: Reference;
  before(async () => {
    reference = JSON.parse(fs.readFileSync(path.join(fixtureModels, 'organism-reference.json'), 'utf8')) as Reference;
    opened = await openLocalBackend(bundledModel);
  });
  after(() => opened.backend.dispose());

  test('is the one that the reference was made with', () => {
    assert.equal(opened.backend.model.sha256, reference.model);
  });

  test('gets the same prompt ids', () => {
    assert.equal(reference.prompts.length, 10);
    for (const { messages, ids } of reference.prompts)
      assert.deepEqual(opened.text.encode(opened.text.render(messages)).ids, ids);
  });

  test('writes the same ids on ten prompts, alone and all together', async () => {
    const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0 };
    const leaves = reference.prompts.map(({ ids, greedyIds }, index) => {
      const readout = { kind: 'continued', maxTokens: greedyIds.length, stopTexts: [] } as const;
      return { key: `${index}`, ids, readout, sampling, streams: ['x'] };
    });
    const jobs = [...leaves.map((leaf) => ({ prompt: [], leaves: [leaf] })), { prompt: [], leaves }];
    for (const job of jobs) {
      const events = await runToEnd(opened.backend, job);
      for (const { key } of job.leaves) {
        const found = events.find((event) => event.type === 'continued' && event.leaf === key);
        assert.deepEqual(found?.type === 'continued' && found.ids, reference.prompts[Number(key)]!.greedyIds);
      }
    }
  });
});
