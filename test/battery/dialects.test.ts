// Every server dialect says the same of the same model: it is recognized, the prompt arrives as it was sent, texts come out alike, and the
// options are scored alike where the server tells enough, or chosen among, or the run is refused.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { dialects } from '../../engine/backends/completions/dialects';
import { openServed } from '../../engine/backends/completions/openServed';
import type { Job, LeafEvent } from '../../engine/domain/job';
import { greedy } from '../../engine/domain/run';
import { loadModelText } from '../../engine/text/loadModelText';
import type { ModelText } from '../../engine/text/modelText';
import { fakeDialects, idsOfTexts } from '../support/fakeDialects';
import { startFakeServer } from '../support/fakeServer';
import { bundledModel, runToEnd } from '../support/localModel';

let text: ModelText;
before(async () => {
  text = await loadModelText(bundledModel);
});

const messages = [{ role: 'user', content: 'The applicant is 40 years old.' }];
const prefix = '<reasoning>\nThe income is steady.';
const drawn = { ...greedy, temperature: 1 };

/** The likeliest two tokens, and two that no list of the likeliest holds. */
function job(): Job {
  const ids = text.encode(text.render(messages) + prefix).ids;
  const chat = { messages, prefix };
  const [likely = [], unlikely = []] = idsOfTexts(text, ['approve', 'reject']);
  const options = [
    { option: 'approve', ids: likely },
    { option: 'reject', ids: unlikely },
  ];
  const place = { ids: ids.slice(-1), chat };
  const readout = { kind: 'continued', maxTokens: 60, stopTexts: ['</recommendation>'] } as const;
  return {
    prompt: ids.slice(0, -1),
    leaves: [
      { ...place, key: 'written', readout, sampling: greedy, streams: ['w'] },
      { ...place, key: 'cut', readout: { ...readout, maxTokens: 3 }, sampling: greedy, streams: ['w'] },
      { ...place, key: 'drawn', readout, sampling: drawn, streams: ['a'] },
      { ...place, key: 'scored', readout: { kind: 'forced', options }, sampling: greedy, streams: ['s'] },
    ],
  };
}

async function runOn(id: string, leaves: (leaf: string) => boolean = () => true) {
  const wire = fakeDialects[id];
  const server = await startFakeServer({ text, ...(wire ? { wire } : {}) });
  try {
    const dialect = id === 'chat' ? id : 'auto';
    const spec = { endpoints: [server.url], tokenizer: bundledModel, dialect, maxInFlight: 4 };
    const { backend } = await openServed('fake', spec);
    const whole = job();
    const asked = { ...whole, leaves: whole.leaves.filter(({ key }) => leaves(key)) };
    const events = await runToEnd(backend, asked);
    return {
      backend,
      byLeaf: new Map(
        events.flatMap((event) => ('leaf' in event && event.type !== 'text' ? [[event.leaf, event] as const] : [])),
      ),
    };
  } finally {
    await server.close();
  }
}

const written = (event: LeafEvent | undefined) =>
  event?.type === 'continued' ? { text: event.text, finish: event.finish } : event;

describe('every dialect', () => {
  test('has a fake that speaks it', () => {
    assert.deepEqual(dialects.map(({ id }) => id).sort(), Object.keys(fakeDialects).sort());
  });

  for (const { id } of dialects) {
    test(`${id} writes what vLLM's writes, whole, cut and drawn`, async () => {
      const isText = (leaf: string): boolean => leaf !== 'scored';
      const [expected, found] = [await runOn('vllm', isText), await runOn(id, isText)];
      assert.equal(found.backend.model.server?.dialect, id);
      for (const leaf of ['written', 'cut', 'drawn']) {
        assert.deepEqual(written(found.byLeaf.get(leaf)), written(expected.byLeaf.get(leaf)), leaf);
      }
      assert.match(JSON.stringify(written(found.byLeaf.get('written'))), /<\/recommendation>","finish":"stop"/);
    });

    test(`${id} scores the options exactly, or says which is ahead, or that it cannot know`, async () => {
      const expected = (await runOn('vllm')).byLeaf.get('scored');
      assert.ok(expected?.type === 'scored');
      const { backend, byLeaf } = await runOn(id);
      const probed = backend.model.server?.endpoints[0]?.probed ?? {};
      const found = byLeaf.get('scored');
      if (probed.wantedIds === true || probed.forcedToken === true) {
        assert.ok(found?.type === 'scored');
        for (const [at, one] of found.logProbs.entries()) {
          assert.ok(Math.abs(one - (expected.logProbs[at] ?? 0)) < 1e-9);
        }
      } else if (found?.type === 'chosen') {
        // The fake chooses the first option when it is told to choose.
        assert.equal(found.option, probed.choices === true ? 0 : null);
      } else assert.equal(found?.type, 'scored');
    });
  }
});
