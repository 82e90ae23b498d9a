// Owns which inputs and outputs a graph has and what that allows: the two layouts of published language models, `gqa` and `plain`.
// Must not know how the inputs are filled.
import { UserError } from '../domain/failure';
import type { ModelFiles } from './modelFolder';

/** A graph's input or output as the runtime reports it; symbolic dimensions are names. */
export type GraphValue = {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
};

export type GraphSignature = { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] };

export type FloatType = 'float32' | 'float16';

export type ModelLayout = {
  readonly kind: 'gqa' | 'plain';
  /** `explicit`: after our edit; the graph gives the new rows' keys and values alone and hides nothing that the mask does not hide. */
  readonly attention: 'fused' | 'explicit';
  /** Names of the cache's tensors: what is fed, and where the grown cache comes out. */
  readonly cache: readonly { readonly past: string; readonly present: string }[];
  readonly cacheType: FloatType;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly vocabSize: number;
  readonly logitsType: FloatType;
  readonly hasMask: boolean;
  readonly hasPositions: boolean;
  /** Type of `attention_bias`; `null`: the graph cannot hide slots from a row, so branches are evaluated one after another. */
  readonly biasType: FloatType | null;
  /** `attention_bias` may be one zero for all rows and slots; our own exporter says so by the name of a dimension. */
  readonly biasBroadcasts: boolean;
  /** How the graph is told whose logits are wanted: by row indexes, by a count from the end, or not at all. */
  readonly selection: 'rows' | 'tail' | 'none';
};

const otherInputs = [
  'input_ids',
  'attention_mask',
  'position_ids',
  'attention_bias',
  'logit_idx',
  'num_logits_to_keep',
];
const wayOut = 'Export it for text generation with past (key-value cache), as optimum or onnxruntime-genai do';

/** @throws UserError naming what is unknown or missing. */
export function detectLayout(
  signature: GraphSignature,
  files: ModelFiles,
  attention: ModelLayout['attention'] = 'fused',
): ModelLayout {
  const { onnxFile, config, summary } = files;
  const inputs = new Map(signature.inputs.map((value) => [value.name, value]));
  const outputs = new Map(signature.outputs.map((value) => [value.name, value]));
  const cache = cacheNames(inputs, outputs, onnxFile);
  const known = new Set([...otherInputs, ...cache.map(({ past }) => past)]);
  const unknown = [...inputs.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new UserError(`${onnxFile} has inputs that are not supported: ${unknown.join(', ')}. ${wayOut}.`);
  const logits = outputs.get('logits');
  if (!inputs.has('input_ids') || logits === undefined)
    throw new UserError(`${onnxFile} is no language model: it lacks input_ids or logits. ${wayOut}.`);
  const past = inputs.get(cache[0]!.past)!;
  const bias = inputs.get('attention_bias');
  return {
    kind: summary.operators.has('GroupQueryAttention') ? 'gqa' : 'plain',
    attention,
    cache,
    cacheType: floatType(past, onnxFile),
    kvHeads: dimension(past.shape[1], config.kvHeads),
    headSize: dimension(past.shape[3], config.headSize),
    vocabSize: dimension(logits.shape[2], config.vocabSize),
    logitsType: floatType(logits, onnxFile),
    hasMask: inputs.has('attention_mask'),
    hasPositions: inputs.has('position_ids'),
    biasType: bias && inputs.has('position_ids') ? floatType(bias, onnxFile) : null,
    biasBroadcasts: bias?.shape[2] === 'bias_seq',
    selection: inputs.has('logit_idx') ? 'rows' : inputs.has('num_logits_to_keep') ? 'tail' : 'none',
  };
}

function cacheNames(
  inputs: ReadonlyMap<string, GraphValue>,
  outputs: ReadonlyMap<string, GraphValue>,
  onnxFile: string,
): ModelLayout['cache'] {
  const cache = [...inputs.keys()]
    .filter((name) => /^past_key_values\.\d+\.(key|value)$/.test(name))
    .map((past) => ({ past, present: past.replace('past_key_values', 'present') }));
  if (cache.length === 0) throw new UserError(`${onnxFile} has no inputs past_key_values.N.key and .value. ${wayOut}.`);
  const lacking = cache.filter(({ present }) => !outputs.has(present));
  if (lacking.length > 0) throw new UserError(`${onnxFile} has no output ${lacking[0]!.present}. ${wayOut}.`);
  return cache;
}

function floatType(value: GraphValue, onnxFile: string): FloatType {
  if (value.type === 'float32' || value.type === 'float16') return value.type;
  throw new UserError(
    `${onnxFile} has ${value.name} as ${value.type}, which is not supported. Use an fp32, fp16, int8 or int4 export.`,
  );
}

const dimension = (found: number | string | undefined, configured: number): number =>
  typeof found === 'number' && found > 0 ? found : configured;
