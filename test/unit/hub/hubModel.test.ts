import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { chooseExport, type HubFile } from '../../../engine/hub/chooseFiles';
import { searchGoodModels } from '../../../engine/hub/goodModels';
import { hubModelText, parseHubModel } from '../../../engine/hub/hubModel';
import { hubPlace } from '../../../engine/hub/hubPlace';

describe('the name of a model', () => {
  it('has an owner, a name, and what stands behind', () => {
    assert.deepEqual(parseHubModel('a/b'), { repo: 'a/b', revision: 'main', precision: null });
    assert.deepEqual(parseHubModel('a/b.c-1@v1.0:q4f16'), { repo: 'a/b.c-1', revision: 'v1.0', precision: 'q4f16' });
    for (const text of ['a/b', 'a/b@x', 'a/b:q4', 'a/b@x:q4'])
      assert.equal(hubModelText(parseHubModel(text) ?? { repo: '', revision: '', precision: null }), text);
  });

  it('is nothing that leads elsewhere', () => {
    for (const text of ['', 'a', '/a/b', '../a', 'a/..', 'a/../b', 'a/b/c', 'http://a/b', 'a--x/b', 'a/b:', 'a b/c'])
      assert.equal(parseHubModel(text), null, text);
  });
});

describe('where models are kept', () => {
  it("is where the hub's own tools keep them", () => {
    assert.equal(hubPlace({ HF_HOME: '/h' }).cache, path.join('/h', 'hub'));
    assert.equal(hubPlace({ HF_HOME: '/h', HF_HUB_CACHE: '/c' }).cache, '/c');
    assert.equal(hubPlace({ XDG_CACHE_HOME: '/x' }).cache, path.join('/x', 'huggingface', 'hub'));
    assert.equal(hubPlace({ HF_ENDPOINT: 'http://mirror/' }).endpoint, 'http://mirror');
    assert.equal(hubPlace({ HF_HUB_OFFLINE: '1' }).offline, true);
    assert.equal(hubPlace({ HF_TOKEN: 'a', HF_HOME: '/h' }).token, 'a');
    assert.equal(hubPlace({ HF_TOKEN: 'a', HF_HOME: '/h' }, 'given').token, 'given');
  });
});

describe('the export that is meant', () => {
  const file = (name: string, size: number): HubFile => ({ path: name, size, sum: { kind: 'git', hex: '' } });
  const small = [file('config.json', 1), file('tokenizer.json', 1)];
  it('is full precision where that is small, else four bits', () => {
    const exports = [file('onnx/model.onnx', 10), file('onnx/model_q4.onnx', 5), file('onnx/model_q4f16.onnx', 4)];
    assert.equal(chooseExport('a/b', [...small, ...exports], null).precision, 'fp32');
    const large = [...exports, file('onnx/model.onnx_data', 3 * 2 ** 30), file('onnx/model.onnx_data_1', 2 ** 30)];
    assert.equal(chooseExport('a/b', [...small, ...large], null).precision, 'q4');
    assert.equal(chooseExport('a/b', [...small, ...large], 'fp32').files.length, 3);
  });
  it('is missed with a sentence', () => {
    assert.throws(() => chooseExport('a/b', small, null), /no ONNX model/);
    assert.throws(() => chooseExport('a/b', [file('model.onnx', 1)], null), /no config\.json, tokenizer\.json/);
  });
});

it('the list of good models is searched by words and by size', () => {
  assert.ok(searchGoodModels([]).length >= 5);
  assert.ok(searchGoodModels(['reasoning', '1B']).every(({ kind, billions }) => kind === 'reasoning' && billions <= 1));
  assert.deepEqual(searchGoodModels(['no such words']), []);
});
