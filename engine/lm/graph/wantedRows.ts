// Owns letting a graph compute the logits of chosen rows only: a Gather in front of the output matrix, which is the largest of all.
// Must not know sessions.
import { makeInput, makeNode, type OnnxDocument, type OnnxNode, withInputs } from './onnxDocument';

export const rowsInput = 'logit_idx';

const products = ['MatMul', 'MatMulNBits', 'FusedMatMul', 'Gemm'];
/** What may stand between the output matrix and the logits without mixing rows. */
const elementwise = ['Cast', 'Mul', 'Div', 'Tanh', 'Add', 'Identity'];

/** The document unchanged when it selects rows itself or ends in something unknown. */
export function selectWantedRows(document: OnnxDocument): OnnxDocument {
  if (document.inputs.some(({ name }) => name === rowsInput || name === 'num_logits_to_keep')) return document;
  const product = outputProduct(document);
  if (product === undefined) return document;
  const [hidden = '', ...others] = product.inputs;
  const chosen = 'wantedRows.hidden';
  const gather = makeNode({
    operator: 'Gather',
    inputs: [hidden, rowsInput],
    outputs: [chosen],
    attributes: { axis: 1 },
  });
  const nodes = document.nodes.flatMap((node) =>
    node === product ? [gather, withInputs(node, [chosen, ...others])] : [node],
  );
  return { ...document, nodes, inputs: [...document.inputs, makeInput(rowsInput, 'int64', ['wanted_rows'])] };
}

function outputProduct(document: OnnxDocument): OnnxNode | undefined {
  const makers = new Map(document.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const weights = new Set(document.initializers.map(({ name }) => name));
  let node = makers.get('logits');
  while (node !== undefined && elementwise.includes(node.operator)) {
    const computed = node.inputs.filter(
      (name) => name !== '' && !weights.has(name) && makers.get(name)?.operator !== 'Constant',
    );
    if (computed.length !== 1) return undefined;
    node = makers.get(computed[0]!);
  }
  return node !== undefined && products.includes(node.operator) ? node : undefined;
}
