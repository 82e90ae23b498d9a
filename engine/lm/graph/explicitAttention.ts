// Owns replacing GroupQueryAttention by the products it consists of, so that each row may see any slots (a mask input), the cache is read
// where it lies, and only the new rows' keys and values come out. The fused operator copies the cache in and the runtime's binding copies
// it out again at every call; it also counts slots as positions. Must not know sessions or caches.
import {
  type AttributeValue,
  makeIntegers,
  makeNode,
  type NodeSpec,
  type OnnxDocument,
  type OnnxNode,
} from './onnxDocument';

/** Names of the inputs that the edit adds or takes over. */
export const biasInput = 'attention_bias';
export const positionsInput = 'position_ids';

export type EditResult = { readonly document: OnnxDocument } | { readonly refusal: string };

const microsoft = 'com.microsoft';
const prefix = 'explicit.';

/** Slots of its inputs, as the operator documents them. */
const slot = { query: 0, key: 1, value: 2, pastKey: 3, pastValue: 4, cosines: 7, sines: 8, firstUnknown: 11 };

type Shape = { readonly heads: number; readonly kvHeads: number; readonly headSize: number };

/** Attributes whose value, when it is not the neutral one, changes what attention computes in a way that the products here do not. */
const neutral: Readonly<Record<string, readonly number[]>> = {
  softcap: [0],
  local_window_size: [-1, 0],
  smooth_softmax: [0, -1],
  qk_output: [0],
  kv_cache_bit_width: [0],
};
const neutralTexts: Readonly<Record<string, readonly string[]>> = {
  k_quant_type: ['NONE', ''],
  v_quant_type: ['NONE', ''],
};

export function explicitAttention(document: OnnxDocument, headSize: number): EditResult {
  const attention = document.nodes.filter(({ operator }) => operator === 'GroupQueryAttention');
  const [first] = attention;
  if (first === undefined) return { refusal: 'it has no GroupQueryAttention' };
  if ((document.opsets.get('') ?? 0) < 13) return { refusal: 'its operator set is older than 13' };
  const branching = document.nodes.find(({ operator }) => ['If', 'Loop', 'Scan'].includes(operator));
  if (branching !== undefined) return { refusal: `it contains ${branching.operator}` };
  for (const node of attention) {
    const refusal = refusalOf(node, document, headSize);
    if (refusal !== null) return { refusal };
  }
  const shape = shapeOf(first, headSize);
  const nodes = document.nodes.flatMap((node) =>
    attention.includes(node) ? attentionNodes(node, document, shape) : [node],
  );
  return {
    document: {
      ...document,
      nodes: [...partNodes(first.inputs[slot.pastKey]!), ...nodes],
      initializers: [...document.initializers, ...constants(shape)],
    },
  };
}

function refusalOf(node: OnnxNode, document: OnnxDocument, headSize: number): string | null {
  for (const [name, value] of node.attributes) {
    const plain = typeof value === 'object' && 'float' in value ? value.float : value;
    const allowed: readonly unknown[] | undefined = neutral[name] ?? neutralTexts[name];
    if (allowed !== undefined && !allowed.includes(plain)) return `its attention uses ${name}`;
  }
  if (node.inputs.slice(slot.firstUnknown).some((name) => name !== ''))
    return 'its attention has more inputs than are known';
  if (integer(node, 'do_rotary') === 0) return 'its positions are not applied inside attention';
  const cosines = document.initializers.find(({ name }) => name === node.inputs[slot.cosines]);
  if (cosines === undefined) return 'its rotary table is computed';
  return cosines.shape[1] === headSize / 2 ? null : 'it rotates a part of each head only';
}

const integer = (node: OnnxNode, name: string): number => {
  const value = node.attributes.get(name);
  return typeof value === 'number' ? value : 0;
};

const shapeOf = (node: OnnxNode, headSize: number): Shape => ({
  heads: integer(node, 'num_heads'),
  kvHeads: integer(node, 'kv_num_heads'),
  headSize,
});

function constants({ heads, kvHeads, headSize }: Shape): OnnxDocument['initializers'] {
  const make = (name: string, values: readonly number[]) => makeIntegers(`${prefix}${name}`, values);
  return [
    make('third', [2]),
    make('second', [1]),
    make('packed', [heads * headSize, kvHeads * headSize, kvHeads * headSize]),
    make('byHead', [1, -1, heads, headSize]),
    make('byKvHead', [1, -1, kvHeads, headSize]),
    // Heads of a group are rows of one product: [1, kv heads, heads per kv head × rows, …] is [1, heads, rows, …], the same bytes.
    make('grouped', [1, kvHeads, -1, headSize]),
    make('ungrouped', [1, heads, -1, headSize]),
    make('scoresByHead', [1, heads, -1, 0]),
    make('scoresGrouped', [1, kvHeads, -1, 0]),
    make('flat', [1, -1, heads * headSize]),
  ];
}

/** Lengths of the two parts that a row of scores has: the cache's slots, the call's own rows. */
const partNodes = (pastKey: string): readonly OnnxNode[] =>
  [
    op('Shape', [pastKey], 'cacheShape'),
    op('Gather', [`${prefix}cacheShape`, `${prefix}third`], 'cacheSlots'),
    op('Shape', ['input_ids'], 'inputShape'),
    op('Gather', [`${prefix}inputShape`, `${prefix}second`], 'rows'),
    op('Concat', [`${prefix}cacheSlots`, `${prefix}rows`], 'parts', { axis: 0 }),
  ].map(makeNode);

/** A node whose only output gets the edit's prefix. */
const op = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): NodeSpec => ({ operator, inputs, outputs: [`${prefix}${output}`], attributes });

function attentionNodes(node: OnnxNode, document: OnnxDocument, shape: Shape): readonly OnnxNode[] {
  const layer = `${document.nodes.indexOf(node)}.`;
  const [attended = '', newKey = '', newValue = ''] = node.outputs;
  const name = (part: string): string => `${prefix}${layer}${part}`;
  const make = (operator: string, inputs: readonly string[], output: string, more: Partial<NodeSpec> = {}): OnnxNode =>
    makeNode({ operator, inputs, outputs: [output], ...more });
  const constant = (part: string): string => `${prefix}${part}`;
  const axis = { attributes: { axis: 3 } };
  const swapped = { attributes: { perm: { integers: [0, 2, 1, 3] } } };
  const scale = node.attributes.get('scale');
  const alpha =
    typeof scale === 'object' && 'float' in scale && scale.float !== 0 ? scale.float : shape.headSize ** -0.5;
  const scores = { domain: microsoft, attributes: { transB: 1, alpha: { float: alpha } } };
  const { query, key, value, unpacking } = projections(node, name);
  const rotated = (input: string, output: string): OnnxNode => {
    const [cosines, sines] = [node.inputs[slot.cosines]!, node.inputs[slot.sines]!];
    const attributes = { interleaved: integer(node, 'rotary_interleaved') };
    return make('RotaryEmbedding', [input, positionsInput, cosines, sines], output, { domain: microsoft, attributes });
  };
  return [
    ...unpacking,
    rotated(query, name('queryRotated')),
    rotated(key, name('keyRotated')),
    make('Reshape', [name('queryRotated'), constant('byHead')], name('queryByHead')),
    make('Transpose', [name('queryByHead')], name('queryHeads'), swapped),
    make('Reshape', [name('queryHeads'), constant('grouped')], name('query4')),
    make('Reshape', [name('keyRotated'), constant('byKvHead')], name('keyByHead')),
    make('Transpose', [name('keyByHead')], newKey, swapped),
    make('Reshape', [value, constant('byKvHead')], name('valueByHead')),
    make('Transpose', [name('valueByHead')], newValue, swapped),
    make('FusedMatMul', [name('query4'), node.inputs[slot.pastKey]!], name('pastScores'), scores),
    make('FusedMatMul', [name('query4'), newKey], name('newScores'), scores),
    make('Concat', [name('pastScores'), name('newScores')], name('scores'), axis),
    make('Reshape', [name('scores'), constant('scoresByHead')], name('scoresByHead')),
    make('Add', [name('scoresByHead'), biasInput], name('biased')),
    make('Softmax', [name('biased')], name('weights'), axis),
    make('Reshape', [name('weights'), constant('scoresGrouped')], name('weightsGrouped')),
    make('Split', [name('weightsGrouped'), constant('parts')], '', {
      ...axis,
      outputs: [name('pastWeights'), name('newWeights')],
    }),
    make('MatMul', [name('pastWeights'), node.inputs[slot.pastValue]!], name('fromPast')),
    make('MatMul', [name('newWeights'), newValue], name('fromNew')),
    make('Add', [name('fromPast'), name('fromNew')], name('mixed')),
    make('Reshape', [name('mixed'), constant('ungrouped')], name('mixedByHead')),
    make('Transpose', [name('mixedByHead')], name('mixedRows'), swapped),
    make('Reshape', [name('mixedRows'), constant('flat')], attended),
  ];
}

/** Query, key and value as three tensors, whether the model packs them or not. */
function projections(
  node: OnnxNode,
  name: (part: string) => string,
): { query: string; key: string; value: string; unpacking: readonly OnnxNode[] } {
  const [query = '', key = '', value = ''] = node.inputs;
  if (key !== '') return { query, key, value, unpacking: [] };
  const outputs = [name('query'), name('key'), name('value')];
  const unpacking = makeNode({
    operator: 'Split',
    inputs: [query, `${prefix}packed`],
    outputs,
    attributes: { axis: 2 },
  });
  return { query: outputs[0]!, key: outputs[1]!, value: outputs[2]!, unpacking: [unpacking] };
}
