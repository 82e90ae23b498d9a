// Owns what is learned of an ONNX file without loading it: its operators, how its weights are quantized, where its external data lie.
// Field numbers are those of onnx.proto (IR version 10). Must not know sessions or layouts.
import { type ByteSource, forEachField, openFileSource, readText, type WireField } from './wireReader';

export type OnnxSummary = {
  /** Operator type -> how many nodes. */
  readonly operators: ReadonlyMap<string, number>;
  /** Bits and accuracy level of the MatMulNBits nodes, each pair once. */
  readonly packed: readonly { readonly bits: number; readonly accuracyLevel: number }[];
  /** Names of external data files, relative to the ONNX file. */
  readonly dataFiles: readonly string[];
};

const modelGraph = 7;
const graphNode = 1;
const graphInitializer = 5;
const nodeOperator = 4;
const nodeAttribute = 5;
const attributeName = 1;
const attributeInteger = 3;
const attributeGraph = 6;
const tensorExternalData = 13;
const entryKey = 1;
const entryValue = 2;

/** @throws CorruptBytesError when the bytes are no ONNX model. */
export function summarizeOnnx(file: string): OnnxSummary {
  const source = openFileSource(file);
  const state: State = { operators: new Map(), packed: new Map(), dataFiles: new Set() };
  try {
    forEachField(source, { start: 0, end: source.size }, (field) => {
      if (field.number === modelGraph && field.wire === 2) readGraph(source, field, state);
    });
  } finally {
    source.close();
  }
  return { operators: state.operators, packed: [...state.packed.values()], dataFiles: [...state.dataFiles].sort() };
}

type State = {
  readonly operators: Map<string, number>;
  readonly packed: Map<string, { readonly bits: number; readonly accuracyLevel: number }>;
  readonly dataFiles: Set<string>;
};

function readGraph(source: ByteSource, graph: WireField, state: State): void {
  forEachField(source, graph, (field) => {
    if (field.number === graphNode) readNode(source, field, state);
    if (field.number === graphInitializer) readTensor(source, field, state);
  });
}

function readNode(source: ByteSource, node: WireField, state: State): void {
  let operator = '';
  const integers = new Map<string, number>();
  forEachField(source, node, (field) => {
    if (field.number === nodeOperator) operator = readText(source, field);
    if (field.number === nodeAttribute) readAttribute(source, field, { integers, state });
  });
  state.operators.set(operator, (state.operators.get(operator) ?? 0) + 1);
  if (operator !== 'MatMulNBits') return;
  const bits = integers.get('bits') ?? 4;
  const accuracyLevel = integers.get('accuracy_level') ?? 0;
  state.packed.set(`${bits} ${accuracyLevel}`, { bits, accuracyLevel });
}

function readAttribute(
  source: ByteSource,
  attribute: WireField,
  into: { readonly integers: Map<string, number>; readonly state: State },
): void {
  let name = '';
  forEachField(source, attribute, (field) => {
    if (field.number === attributeName) name = readText(source, field);
    if (field.number === attributeInteger && field.wire === 0) into.integers.set(name, field.value);
    if (field.number === attributeGraph) readGraph(source, field, into.state);
  });
}

function readTensor(source: ByteSource, tensor: WireField, state: State): void {
  forEachField(source, tensor, (field) => {
    if (field.number !== tensorExternalData) return;
    let key = '';
    let value = '';
    forEachField(source, field, (part) => {
      if (part.number === entryKey) key = readText(source, part);
      if (part.number === entryValue) value = readText(source, part);
    });
    if (key === 'location') state.dataFiles.add(value);
  });
}
