// Owns choosing the wanted rows as early as nothing else needs the others: what follows the last attention (its output product and the
// layer's feed-forward part) is computed for each row by itself, and only for logits. Must not know sessions.
import { makeNode, type OnnxDocument, type OnnxNode, withInputs } from './onnxDocument';
import { rowsInput } from './wantedRows';

/** Products whose other operand must be a weight; what mixes the numbers of a row, but not rows; what works number by number. */
const rowProducts = ['MatMul', 'MatMulNBits', 'FusedMatMul', 'Gemm'];
const rowNorms = ['SimplifiedLayerNormalization', 'SkipSimplifiedLayerNormalization', 'RMSNormalization'];
const pointwise = [
  'Add',
  'Mul',
  'Div',
  'Sub',
  'Pow',
  'Sqrt',
  'Tanh',
  'Sigmoid',
  'Erf',
  'Gelu',
  'FastGelu',
  'QuickGelu',
  'Cast',
];
const keepsRowsApart: ReadonlySet<string> = new Set([...rowProducts, ...rowNorms, ...pointwise]);

/** The document unchanged when its wanted rows are not chosen by one Gather of three-dimensional rows. */
export function chooseRowsEarly(document: OnnxDocument): OnnxDocument {
  const choosing = document.nodes.filter(({ inputs }) => inputs.includes(rowsInput));
  const [gather] = choosing;
  if (gather === undefined || choosing.length > 1 || !choosesRows(gather)) return document;
  const late = lateNodes(document, gather);
  if (late.size === 0) return document;
  const computed = computedValues(document);
  const made = new Set([...late].flatMap(({ outputs }) => outputs));
  const chosen = new Set<string>();
  const nodes = document.nodes.flatMap((node): readonly OnnxNode[] => {
    if (node === gather) return [makeNode({ operator: 'Identity', inputs: [node.inputs[0]!], outputs: node.outputs })];
    if (!late.has(node)) return [node];
    const early = new Set(node.inputs.filter((name) => computed.has(name) && !made.has(name)));
    const choices = [...early].filter((name) => !chosen.has(name)).map(choiceOf);
    for (const name of early) chosen.add(name);
    const inputs = node.inputs.map((name) => (early.has(name) ? wanted(name) : name));
    return [...choices, withInputs(node, inputs)];
  });
  return { ...document, nodes };
}

const wanted = (name: string): string => `${name}.wanted`;

const choiceOf = (name: string): OnnxNode =>
  makeNode({ operator: 'Gather', inputs: [name, rowsInput], outputs: [wanted(name)], attributes: { axis: 1 } });

const choosesRows = ({ operator, inputs, attributes }: OnnxNode): boolean =>
  operator === 'Gather' && inputs[1] === rowsInput && attributes.get('axis') === 1;

/** Values that a node computes of other than weights. */
function computedValues({ nodes }: OnnxDocument): ReadonlySet<string> {
  return new Set(nodes.filter(({ operator }) => operator !== 'Constant').flatMap(({ outputs }) => outputs));
}

/** Nodes whose every reader is late, back from the choice, as long as each computes row by row. */
function lateNodes(document: OnnxDocument, gather: OnnxNode): ReadonlySet<OnnxNode> {
  const computed = computedValues(document);
  const given = new Set(document.outputs.map(({ name }) => name));
  const readers = new Map<string, OnnxNode[]>();
  for (const node of document.nodes)
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  const late = new Set<OnnxNode>();
  const isLate = (name: string): boolean =>
    !given.has(name) && (readers.get(name) ?? []).every((reader) => reader === gather || late.has(reader));
  // Nodes stand in order of evaluation: backwards, every reader is met before what it reads.
  for (const node of document.nodes.slice(0, document.nodes.indexOf(gather)).reverse())
    if (
      computesRowByRow(node, computed) &&
      node.outputs.some((name) => readers.has(name)) &&
      node.outputs.every(isLate)
    )
      late.add(node);
  return late;
}

function computesRowByRow({ operator, inputs }: OnnxNode, computed: ReadonlySet<string>): boolean {
  if (!keepsRowsApart.has(operator)) return false;
  return !rowProducts.includes(operator) || !inputs.slice(1).some((name) => computed.has(name));
}
