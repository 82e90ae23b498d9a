// Owns replacing GroupQueryAttention by the products it consists of, so that each row may see any slots (a mask input), the cache is read
// where it lies, and only the new rows' keys and values come out. The fused operator copies the cache in and the runtime's binding copies
// it out again at every call; it also counts slots as positions. Must not know sessions or caches.
import { makeIntegers, makeNode, type NodeSpec, type OnnxDocument, type OnnxNode } from './onnxDocument';

/** Names of the inputs that the edit adds or takes over. */
export const biasInput = 'attention_bias';
export const positionsInput = 'position_ids';

export type EditResult = { readonly document: OnnxDocument } | { readonly refusal: string };

const microsoft = 'com.microsoft';
const prefix = 'explicit.';

/** Slots of its inputs, as the operator documents them. */
const slot = { pastKey: 3, pastValue: 4, cosines: 7, sines: 8, firstUnknown: 11 };

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

const shared = (name: string): string => `${prefix}${name}`;

/** Lengths of the two parts that a row of scores has: the cache's slots, the call's own rows. */
const partNodes = (pastKey: string): readonly OnnxNode[] =>
  [
    plain('Shape', [pastKey], shared('cacheShape')),
    plain('Gather', [shared('cacheShape'), shared('third')], shared('cacheSlots')),
    plain('Shape', ['input_ids'], shared('inputShape')),
    plain('Gather', [shared('inputShape'), shared('second')], shared('rows')),
    { ...plain('Concat', [shared('cacheSlots'), shared('rows')], shared('parts')), attributes: { axis: 0 } },
  ].map(makeNode);

const plain = (operator: string, inputs: readonly string[], output: string): NodeSpec => ({
  operator,
  inputs,
  outputs: [output],
});

function attentionNodes(node: OnnxNode, document: OnnxDocument, shape: Shape): readonly OnnxNode[] {
  const layer = `${prefix}${document.nodes.indexOf(node)}.`;
  const own = (name: string): string => `${layer}${name}`;
  return [...headNodes(node, own), ...mixingNodes(node, own, shape)].map(makeNode);
}

const heads = { attributes: { perm: { integers: [0, 2, 1, 3] } } };

/** Queries, keys and values of the new rows, rotated to their positions, by head. The latter two are the call's part of the cache. */
function headNodes(node: OnnxNode, own: (name: string) => string): readonly NodeSpec[] {
  const [packed = '', key = '', value = ''] = node.inputs;
  const [, newKey = '', newValue = ''] = node.outputs;
  const isPacked = key === '';
  const split: NodeSpec = {
    operator: 'Split',
    inputs: [packed, shared('packed')],
    outputs: [own('query'), own('key'), own('value')],
    attributes: { axis: 2 },
  };
  const rotated = (input: string, output: string): NodeSpec => ({
    ...plain('RotaryEmbedding', [input, positionsInput, node.inputs[slot.cosines]!, node.inputs[slot.sines]!], output),
    domain: microsoft,
    attributes: { interleaved: integer(node, 'rotary_interleaved') },
  });
  return [
    ...(isPacked ? [split] : []),
    rotated(isPacked ? own('query') : packed, own('queryRotated')),
    rotated(isPacked ? own('key') : key, own('keyRotated')),
    plain('Reshape', [own('queryRotated'), shared('byHead')], own('queryRows')),
    { ...plain('Transpose', [own('queryRows')], own('queryHeads')), ...heads },
    plain('Reshape', [own('queryHeads'), shared('grouped')], own('queryGroups')),
    plain('Reshape', [own('keyRotated'), shared('byKvHead')], own('keyRows')),
    { ...plain('Transpose', [own('keyRows')], newKey), ...heads },
    plain('Reshape', [isPacked ? own('value') : value, shared('byKvHead')], own('valueRows')),
    { ...plain('Transpose', [own('valueRows')], newValue), ...heads },
  ];
}

/** softmax(scale · Q Kᵀ + bias) V over the cache and the call's own rows, in two parts so that neither is copied. */
function mixingNodes(node: OnnxNode, own: (name: string) => string, { headSize }: Shape): readonly NodeSpec[] {
  const [attended = '', newKey = '', newValue = ''] = node.outputs;
  const given = node.attributes.get('scale');
  const scale = typeof given === 'object' && 'float' in given && given.float !== 0 ? given.float : headSize ** -0.5;
  const scores = { domain: microsoft, attributes: { transB: 1, alpha: { float: scale } } };
  const axis = { attributes: { axis: 3 } };
  const parts = [own('pastWeights'), own('newWeights')];
  return [
    { ...plain('FusedMatMul', [own('queryGroups'), node.inputs[slot.pastKey]!], own('pastScores')), ...scores },
    { ...plain('FusedMatMul', [own('queryGroups'), newKey], own('newScores')), ...scores },
    { ...plain('Concat', [own('pastScores'), own('newScores')], own('scoresGrouped')), ...axis },
    plain('Reshape', [own('scoresGrouped'), shared('scoresByHead')], own('scores')),
    plain('Add', [own('scores'), biasInput], own('biased')),
    { ...plain('Softmax', [own('biased')], own('weights')), ...axis },
    plain('Reshape', [own('weights'), shared('scoresGrouped')], own('weightsGrouped')),
    { operator: 'Split', inputs: [own('weightsGrouped'), shared('parts')], outputs: parts, ...axis },
    plain('MatMul', [own('pastWeights'), node.inputs[slot.pastValue]!], own('fromPast')),
    plain('MatMul', [own('newWeights'), newValue], own('fromNew')),
    plain('Add', [own('fromPast'), own('fromNew')], own('mixed')),
    plain('Reshape', [own('mixed'), shared('ungrouped')], own('mixedHeads')),
    { ...plain('Transpose', [own('mixedHeads')], own('mixedRows')), ...heads },
    plain('Reshape', [own('mixedRows'), shared('flat')], attended),
  ];
}
