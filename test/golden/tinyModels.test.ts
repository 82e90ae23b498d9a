// The engine is not fitted to the bundled model: other tokenizers, templates, tags, head counts and layouts, against references that a
// Python float64 implementation wrote (test/support/python/tinyModels.py).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLocalBackend } from '../../engine/backends/local';
import type { Message } from '../../engine/domain/example';
import type { Leaf } from '../../engine/domain/job';
import { fixtureModels, runToEnd, tinyModels } from '../support/localModel';

type Reference = {
  /** Of differences of log-probabilities; wider where the weights or products are rounded. */
  readonly tolerance?: number;
  readonly prompts: readonly {
    readonly messages: readonly Message[];
    readonly text: string;
    readonly ids: readonly number[];
    readonly greedyIds: readonly number[];
    readonly lastLogits: readonly number[];
  }[];
};

const common = { ids: [], sampling: { temperature: 0, topK: 0, topP: 1, minP: 0 }, streams: ['x'] } as const;

test('there are models of both layouts', () => assert.ok(tinyModels().length >= 2));

for (const name of tinyModels()) {
  const folder = path.join(fixtureModels, name);
  const reference = JSON.parse(fs.readFileSync(path.join(folder, 'reference.json'), 'utf8')) as Reference;
  describe(name, () => {
    let opened: Awaited<ReturnType<typeof openLocalBackend>>;
    before(async () => {
      opened = await openLocalBackend(folder);
    });
    after(() => opened.backend.dispose());

    test('template and tokenizer', () => {
      for (const { messages, text, ids } of reference.prompts) {
        assert.equal(opened.text.render(messages), text);
        assert.deepEqual(opened.text.encode(text).ids, ids);
      }
    });

    test('greedy ids', async () => {
      for (const { ids, greedyIds } of reference.prompts) {
        const readout = { kind: 'continued', maxTokens: greedyIds.length, stopTexts: [] } as const;
        const events = await runToEnd(opened.backend, { prompt: ids, leaves: [{ ...common, key: 'a', readout }] });
        const found = events.find((event) => event.type === 'continued');
        assert.deepEqual(found?.type === 'continued' ? found.ids : null, greedyIds.slice(0, found?.ids.length));
        if (found?.finish === 'length') assert.equal(found.ids.length, greedyIds.length);
      }
    });

    test('differences of log-probabilities', async () => {
      for (const { ids, lastLogits } of reference.prompts) {
        const options = lastLogits.map((_, id) => ({ option: `${id}`, ids: [id] }));
        const leaf: Leaf = { ...common, key: 'a', readout: { kind: 'forced', options } };
        const [event] = await runToEnd(opened.backend, { prompt: ids, leaves: [leaf] });
        assert.ok(event?.type === 'scored');
        lastLogits.forEach((logit, id) => {
          const difference = event.logProbs[id]! - event.logProbs[0]! - (logit - lastLogits[0]!);
          assert.ok(Math.abs(difference) < (reference.tolerance ?? 1e-4), `token ${id}: ${difference}`);
        });
      }
    });
  });
}
