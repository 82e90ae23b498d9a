import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { summarizeOnnx } from '../../../engine/lm/graph/onnxSummary';
import { detectLayout, type GraphSignature, type GraphValue } from '../../../engine/lm/layout';
import { isDynamic, type ModelFiles, openModelFolder, precisionOf } from '../../../engine/lm/modelFolder';
import { modelName } from '../../../engine/lm/modelName';
import { fixtureModels } from '../../support/localModel';

const qwen = openModelFolder(path.join(fixtureModels, 'tiny-qwen2-gqa'));
const value = (name: string, shape: GraphValue['shape'], type = 'float32'): GraphValue => ({ name, type, shape });

function signature(extra: readonly GraphValue[] = [], without: readonly string[] = []): GraphSignature {
  const cache = ['b', 2, 'past', 16];
  const inputs = [
    value('input_ids', ['b', 's'], 'int64'),
    value('attention_mask', ['b', 't'], 'int64'),
    value('past_key_values.0.key', cache),
    value('past_key_values.0.value', cache),
    ...extra,
  ];
  const outputs = [value('logits', ['b', 's', 500]), value('present.0.key', cache), value('present.0.value', cache)];
  const kept = (values: readonly GraphValue[]) => values.filter(({ name }) => !without.includes(name));
  return { inputs: kept(inputs), outputs: kept(outputs) };
}

test('what a graph allows is read from its inputs', () => {
  const bare = detectLayout(signature(), qwen);
  assert.deepEqual(
    { bias: bare.biasType, positions: bare.hasPositions, selection: bare.selection, vocab: bare.vocabSize },
    { bias: null, positions: false, selection: 'none', vocab: 500 },
  );
  assert.deepEqual([bare.kvHeads, bare.headSize, bare.kind], [2, 16, 'gqa']);
  const positions = value('position_ids', ['b', 's'], 'int64');
  const bias = value('attention_bias', ['b', 1, 's', 't']);
  const rich = detectLayout(signature([positions, bias, value('num_logits_to_keep', [], 'int64')]), qwen);
  assert.deepEqual([rich.biasType, rich.hasPositions, rich.selection], ['float32', true, 'tail']);
  // Without positions a branch would stand where its slot is, not where its text is.
  assert.equal(detectLayout(signature([bias]), qwen).biasType, null);
});

test('symbolic cache dimensions are taken from the configuration', () => {
  const symbolic = signature();
  const inputs = symbolic.inputs.map((input) => ({ ...input, shape: input.shape.map((_, at) => `d${at}`) }));
  const layout = detectLayout({ ...symbolic, inputs }, qwen);
  assert.deepEqual([layout.kvHeads, layout.headSize], [qwen.config.kvHeads, qwen.config.headSize]);
});

test('graphs that cannot be run are refused by what is unknown or missing', () => {
  const refused = (one: GraphSignature, says: RegExp, files: ModelFiles = qwen): void => {
    assert.throws(() => detectLayout(one, files), { name: 'UserError', message: says });
  };
  refused(signature([value('pixel_values', [1, 3, 224, 224])]), /not supported: pixel_values\./);
  refused(signature([value('use_cache_branch', [1], 'bool')]), /use_cache_branch/);
  refused(signature([], ['past_key_values.0.key', 'past_key_values.0.value']), /past_key_values/);
  refused(signature([], ['present.0.value']), /no output present\.0\.value/);
  refused(signature([], ['logits']), /lacks input_ids or logits/);
  refused(signature([value('past_key_values.1.key', [], 'uint8')]), /present\.1\.key/);
});

test('an ONNX file is summarized without reading its weights', () => {
  const { operators, packed, dataFiles } = summarizeOnnx(qwen.onnxFile);
  assert.equal(operators.get('GroupQueryAttention'), qwen.config.layers);
  assert.deepEqual([packed, dataFiles], [[], []]);
  assert.equal(precisionOf(qwen.summary, 'float32'), 'fp32');
  const plain = openModelFolder(path.join(fixtureModels, 'tiny-llama-plain'));
  assert.equal(plain.summary.operators.has('GroupQueryAttention'), false);
  const dynamic = { ...plain.summary, operators: new Map([['DynamicQuantizeLinear', 3]]) };
  assert.deepEqual(
    [isDynamic(dynamic), isDynamic(plain.summary), /not re-used/.test(precisionOf(dynamic, 'float32'))],
    [true, false, true],
  );
  assert.equal(precisionOf({ ...plain.summary, packed: [{ bits: 4, accuracyLevel: 4 }] }, 'float32'), 'int4');
});

test('a model is known by the last folder name that means something', () => {
  assert.equal(modelName('/home/me/models/SmolLM2-135M'), 'SmolLM2-135M');
  assert.equal(modelName('/home/me/SmolLM2-135M/onnx'), 'SmolLM2-135M');
  const snapshot = `/home/me/.cache/huggingface/hub/models--org--name-1.5B/snapshots/${'0a'.repeat(20)}`;
  assert.equal(modelName(snapshot), 'org/name-1.5B');
});
