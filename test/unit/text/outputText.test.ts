import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { loadModelText } from '../../../engine/text/loadModelText';
import { outputText, packText } from '../../../engine/text/outputText';
import { bundledModel, fixtureModels, tinyModels } from '../../support/localModel';

const decoded = (
  { stream }: { readonly stream: () => { push: (id: number) => string; end: () => string } },
  ids: readonly number[],
) => {
  const { push, end } = stream();
  return ids.map(push).join('') + end();
};

for (const folder of [...tinyModels().map((name) => path.join(fixtureModels, name)), bundledModel])
  test(`a packed text writes what the tokenizer writes: ${path.basename(folder)}`, async () => {
    const text = await loadModelText(folder);
    const packed = outputText(structuredClone(packText(text)));
    const ids = text.encode('Zoë wrote: the sum is 1,250 € 😀.\n').ids;
    const [first = 0] = text.endIds;
    for (const some of [ids, [...ids].reverse(), ids.slice(0, -1), [first, ...ids]])
      assert.equal(decoded(packed, some), decoded(text, some));
    for (let id = 0; id < text.vocabSize; id += 1) assert.equal(decoded(packed, [id]), decoded(text, [id]));
    assert.equal(decoded(packed, [text.vocabSize, text.vocabSize + 7]), '');
    assert.deepEqual([packed.vocabSize, packed.endIds], [text.vocabSize, text.endIds]);
  });
