// Owns which edits make a published graph fit for evaluating trees, and cleaning up after them. Weights are never touched.
// Must not know sessions; whether an edit computes the same is checked where the graph is opened (engine/lm/loadModel).
import { biasInput, explicitAttention, positionsInput } from './explicitAttention';
import {
  makeInput,
  type Named,
  type OnnxDocument,
  type OnnxNode,
  readDocument,
  withAttribute,
  writeDocument,
} from './onnxDocument';
import { separateLookup } from './separateLookup';
import { selectWantedRows } from './wantedRows';
import { chooseRowsEarly } from './wantedRowsEarly';

export type PreparedGraph = {
  /** The edited model. */
  readonly bytes: Uint8Array;
};

/** Accuracy level of MatMulNBits at which products are computed in full precision: results do not depend on what else is in the call. */
const exactLevel = 1;

/** Returns `{ refusal }` when attention has a form that is not known. @throws CorruptBytesError */
export function prepareGraph(model: Uint8Array, headSize: number): PreparedGraph | { readonly refusal: string } {
  const edited = explicitAttention(readDocument(model), headSize);
  if ('refusal' in edited) return edited;
  const document = separateLookup(chooseRowsEarly(selectWantedRows(computeExactly(edited.document))));
  return { bytes: writeDocument(withInputsNeeded(document)) };
}

export function computeExactly(document: OnnxDocument): OnnxDocument {
  const nodes = document.nodes.map((node) => {
    const level = node.attributes.get('accuracy_level') ?? 0;
    const isRounded = node.operator === 'MatMulNBits' && typeof level === 'number' && level > exactLevel;
    return isRounded ? withAttribute(node, 'accuracy_level', exactLevel) : node;
  });
  return { ...document, nodes };
}

/** Drops what nothing needs any more, and declares the mask and the positions. */
function withInputsNeeded(document: OnnxDocument): OnnxDocument {
  const nodes = liveNodes(document);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const initializers = document.initializers.filter(({ name }) => read.has(name));
  const others = document.inputs.filter(({ name }) => name !== biasInput && read.has(name));
  const positions: Named = makeInput(positionsInput, 'int64', ['batch', 'rows']);
  const inputs = [
    ...others.filter(({ name }) => name !== positionsInput),
    positions,
    makeInput(biasInput, 'float32', [1, 1, 'bias_rows', 'bias_slots']),
  ];
  return { ...document, nodes, initializers, inputs };
}

function liveNodes(document: OnnxDocument): readonly OnnxNode[] {
  const needed = new Set(document.outputs.map(({ name }) => name));
  const live = new Set<OnnxNode>();
  // Nodes stand in order of evaluation, so that one pass backwards meets every reader before its maker.
  for (const node of [...document.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    live.add(node);
    for (const input of node.inputs) needed.add(input);
  }
  return document.nodes.filter((node) => live.has(node));
}
