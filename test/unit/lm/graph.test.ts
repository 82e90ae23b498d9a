import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { explicitAttention } from '../../../engine/lm/graph/explicitAttention';
import {
  type Initializer,
  makeIntegers,
  makeNode,
  type OnnxDocument,
  readDocument,
  withAttribute,
  withInputs,
  writeDocument,
} from '../../../engine/lm/graph/onnxDocument';
import { computeExactly, prepareGraph } from '../../../engine/lm/graph/prepareGraph';
import { separateLookup } from '../../../engine/lm/graph/separateLookup';
import { selectWantedRows } from '../../../engine/lm/graph/wantedRows';
import { chooseRowsEarly } from '../../../engine/lm/graph/wantedRowsEarly';
import { joined, messageField, textField } from '../../../engine/lm/graph/wireWriter';
import { fixtureModels } from '../../support/localModel';

const qwen = new Uint8Array(fs.readFileSync(path.join(fixtureModels, 'tiny-qwen2-gqa/model.onnx')));
const headSize = 16;

/** A field that no version of the format has. */
const unknownField = (text: string): Uint8Array => textField(9999, text);
const contains = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

test('a document that is not edited is written with the same parts, unknown fields included', () => {
  const [first, ...rest] = readDocument(qwen).nodes;
  const node = { ...first!, raw: joined([first!.raw, unknownField('in a node')]) };
  const document = { ...readDocument(qwen), nodes: [node, ...rest], modelRest: [unknownField('in the model')] };
  const withUnknown = { ...document, graphRest: [...document.graphRest, unknownField('in the graph')] };
  const again = readDocument(writeDocument(withUnknown));
  assert.deepEqual(again.nodes, withUnknown.nodes);
  assert.deepEqual(again.initializers, withUnknown.initializers);
  assert.deepEqual(again.inputs, withUnknown.inputs);
  assert.deepEqual(again.graphRest, withUnknown.graphRest);
  assert.deepEqual(again.modelRest, withUnknown.modelRest);
});

test('edits of a node keep what they do not know', () => {
  const attributes = { axis: -3, mode: 'linear', ratio: { float: 0.25 }, shape: { integers: [1, 2] } };
  const made = makeNode({ operator: 'Resize', domain: 'a.b', inputs: ['x', ''], outputs: ['y'], attributes });
  const node = { ...made, raw: joined([made.raw, unknownField('kept')]) };
  const reread = (one: typeof node) => {
    const message = writeDocument({ ...empty, nodes: [one] });
    return readDocument(message).nodes[0]!;
  };
  assert.deepEqual(
    [...reread(node).attributes],
    [
      ['axis', -3],
      ['mode', 'linear'],
      ['ratio', { float: 0.25 }],
    ],
  );
  const moved = reread(withInputs(node, ['z']));
  assert.deepEqual([moved.inputs, moved.outputs, moved.operator, moved.domain], [['z'], ['y'], 'Resize', 'a.b']);
  const set = reread(withAttribute(node, 'axis', 2));
  assert.equal(set.attributes.get('axis'), 2);
  assert.equal(set.attributes.get('mode'), 'linear');
  for (const edited of [moved, set]) assert.ok(contains(edited.raw, 'kept'));
});

const empty: OnnxDocument = {
  nodes: [],
  initializers: [],
  inputs: [],
  outputs: [],
  opsets: new Map(),
  graphRest: [],
  modelRest: [],
};

test('the edit leaves every weight as it was and takes away what nobody reads', () => {
  const prepared = prepareGraph(qwen, headSize);
  assert.ok('bytes' in prepared);
  const before = readDocument(qwen);
  const after = readDocument(prepared.bytes);
  assert.ok(!after.nodes.some(({ operator }) => operator === 'GroupQueryAttention'));
  const inputs = after.inputs.map(({ name }) => name);
  assert.ok(['input_ids', 'position_ids', 'attention_bias', 'logit_idx'].every((name) => inputs.includes(name)));
  assert.ok(!inputs.includes('attention_mask'));
  const old = new Map(before.initializers.map(({ name, raw }) => [name, raw]));
  const kept = after.initializers.filter(({ name }) => old.has(name));
  for (const { name, raw } of kept) assert.deepEqual(raw, old.get(name));
  const weights = before.initializers.filter(({ shape }) => shape.length === 2);
  assert.ok(weights.length > 5 && weights.every(({ name }) => kept.some((one) => one.name === name)));
});

test('attention of a form that is not known is left alone, with the reason', () => {
  const document = readDocument(qwen);
  const changed = (change: (node: OnnxDocument['nodes'][number]) => OnnxDocument['nodes'][number]) =>
    explicitAttention(
      {
        ...document,
        nodes: document.nodes.map((node) => (node.operator === 'GroupQueryAttention' ? change(node) : node)),
      },
      headSize,
    );
  const refusals = [
    changed((node) => withAttribute(node, 'softcap', { float: 30 })),
    changed((node) => withAttribute(node, 'local_window_size', 128)),
    changed((node) => withAttribute(node, 'do_rotary', 0)),
    changed((node) => withInputs(node, [...node.inputs, 'head_sink'])),
    explicitAttention({ ...document, opsets: new Map([['', 11]]) }, headSize),
    explicitAttention(document, 2 * headSize),
    explicitAttention(
      { ...document, nodes: [...document.nodes, makeNode({ operator: 'If', inputs: [], outputs: [] })] },
      headSize,
    ),
    explicitAttention(empty, headSize),
  ].map((result) => ('refusal' in result ? result.refusal : 'edited'));
  const says = [
    /softcap/,
    /local_window_size/,
    /positions/,
    /more inputs/,
    /older/,
    /part of each head/,
    /If/,
    /GroupQuery/,
  ];
  says.forEach((one, index) => {
    assert.match(refusals[index]!, one);
  });
  assert.ok('document' in changed((node) => withAttribute(node, 'local_window_size', -1)));
});

test('a lookup gets an entry of its own where it shares weights in a file with a product, and only there', () => {
  const location = messageField(13, [textField(1, 'location'), textField(2, 'model.onnx_data')]);
  const stored = (name: string): Initializer => {
    const raw = joined([textField(8, name), location]);
    return { name, shape: [], isExternal: true, raw };
  };
  const nodes = [
    makeNode({ operator: 'Gather', inputs: ['shared', 'ids'], outputs: ['a'] }),
    makeNode({ operator: 'Gather', inputs: ['alone', 'ids'], outputs: ['b'] }),
    makeNode({ operator: 'Gather', inputs: ['inline', 'ids'], outputs: ['c'] }),
    makeNode({ operator: 'MatMul', inputs: ['a', 'shared'], outputs: ['d'] }),
    makeNode({ operator: 'MatMul', inputs: ['c', 'inline'], outputs: ['e'] }),
  ];
  const initializers = [stored('shared'), stored('alone'), makeIntegers('inline', [1])];
  const after = readDocument(writeDocument(separateLookup({ ...empty, nodes, initializers })));
  assert.deepEqual(
    after.nodes.map(({ inputs }) => inputs.find((name) => !['ids', 'a', 'c'].includes(name))),
    ['shared.lookup', 'alone', 'inline', 'shared', 'inline'],
  );
  const added = after.initializers.filter(({ name }) => name === 'shared.lookup');
  assert.equal(added.length, 1);
  assert.ok(added[0]!.isExternal && contains(added[0]!.raw, 'model.onnx_data'));
  assert.equal(after.initializers.length, 4);
});

test('rows are chosen in front of the output matrix, whatever stands behind it', () => {
  const tail = (nodes: OnnxDocument['nodes']): OnnxDocument => ({
    ...empty,
    nodes,
    initializers: [makeIntegers('weight', [1]), makeIntegers('divisor', [1])],
  });
  const product = makeNode({ operator: 'MatMul', inputs: ['hidden', 'weight'], outputs: ['raw'] });
  const capped = ['Div', 'Tanh', 'Mul'].map((operator, index, all) => {
    const input = index === 0 ? 'raw' : `t${index - 1}`;
    const output = index === all.length - 1 ? 'logits' : `t${index}`;
    return makeNode({ operator, inputs: operator === 'Tanh' ? [input] : [input, 'divisor'], outputs: [output] });
  });
  const edited = selectWantedRows(tail([product, ...capped]));
  assert.deepEqual(
    edited.nodes.map(({ operator }) => operator),
    ['Gather', 'MatMul', 'Div', 'Tanh', 'Mul'],
  );
  assert.deepEqual(edited.nodes[1]!.inputs, [edited.nodes[0]!.outputs[0], 'weight']);
  const unknown = tail([makeNode({ operator: 'Slice', inputs: ['hidden'], outputs: ['logits'] })]);
  assert.equal(selectWantedRows(unknown), unknown);
});

test('rows are chosen before all that is computed row by row behind the last attention, and no earlier', () => {
  const node = (operator: string, inputs: readonly string[], output: string) =>
    makeNode({ operator, inputs, outputs: [output] });
  const choice = { inputs: ['normal', 'logit_idx'], outputs: ['chosen'], attributes: { axis: 1 } };
  const document: OnnxDocument = {
    ...empty,
    nodes: [
      node('MatMul', ['before', 'weight'], 'residual'),
      node('Softmax', ['residual'], 'attended'),
      node('MatMul', ['attended', 'weight'], 'product'),
      node('Add', ['product', 'residual'], 'sum'),
      node('MatMul', ['sum', 'product'], 'mixed'),
      node('Add', ['mixed', 'sum'], 'normal'),
      makeNode({ operator: 'Gather', ...choice }),
      node('MatMul', ['chosen', 'weight'], 'logits'),
    ],
    initializers: [makeIntegers('weight', [1])],
  };
  const shape = ({ nodes }: OnnxDocument) =>
    nodes.map(({ operator, inputs }) => `${operator} ${inputs.filter((name) => name !== 'weight').join(' ')}`);
  // A product of two computed values mixes rows: nothing before it moves.
  assert.deepEqual(shape(chooseRowsEarly(document)).slice(4), [
    'MatMul sum product',
    'Gather mixed logit_idx',
    'Gather sum logit_idx',
    'Add mixed.wanted sum.wanted',
    'Identity normal',
    'MatMul chosen',
  ]);
  const apart = document.nodes.map((one) => (one.inputs[0] === 'sum' ? withInputs(one, ['sum', 'weight']) : one));
  assert.deepEqual(shape(chooseRowsEarly({ ...document, nodes: apart })).slice(2, 6), [
    'Gather attended logit_idx',
    'MatMul attended.wanted',
    'Gather residual logit_idx',
    'Add product residual.wanted',
  ]);
  const given = { ...document, nodes: apart, outputs: [{ name: 'normal', raw: new Uint8Array(0) }] };
  assert.equal(chooseRowsEarly(given), given);
});

test('packed products are computed exactly, also when the file asks for the fast way', () => {
  const fast = makeNode({
    operator: 'MatMulNBits',
    inputs: ['x'],
    outputs: ['y'],
    attributes: { bits: 4, accuracy_level: 4 },
  });
  const [node] = computeExactly({ ...empty, nodes: [fast] }).nodes;
  assert.equal(node?.attributes.get('accuracy_level'), 1);
  assert.equal(node?.attributes.get('bits'), 4);
});
