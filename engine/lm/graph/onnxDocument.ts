// Owns an ONNX model as a document that can be edited: nodes, initializers, inputs and outputs by name, everything else kept as the bytes
// that it was, unknown fields included. Field numbers are those of onnx.proto. Must not know what an edit is for.
import { type ByteSource, bytesSource, forEachField, readText, type WireField } from './wireReader';
import { bytesField, fieldParts, floatField, joined, messageField, textField, varintField } from './wireWriter';

export type AttributeValue = number | string | { readonly float: number } | { readonly integers: readonly number[] };

export type OnnxNode = {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Numbers and texts only; others are in `raw`. Integers are numbers, floats `{ float }`. */
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** The encoded message; an edit writes a new one. */
  readonly raw: Uint8Array;
};

/** Initializers, inputs and outputs: known by name, carried as bytes. */
export type Named = { readonly name: string; readonly raw: Uint8Array };
export type Initializer = Named & {
  readonly shape: readonly number[];
  /** Its numbers lie in a file of their own. */
  readonly isExternal: boolean;
};

export type OnnxDocument = {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  /** Domain -> version; the standard domain is the empty text. */
  readonly opsets: ReadonlyMap<string, number>;
  /** All other fields of the graph and of the model, encoded with their tags. */
  readonly graphRest: readonly Uint8Array[];
  readonly modelRest: readonly Uint8Array[];
};

const modelField = { graph: 7, opset: 8 };
const graphField = { node: 1, initializer: 5, input: 11, output: 12 };
const nodeField = { input: 1, output: 2, name: 3, operator: 4, attribute: 5, domain: 7 };
const attributeField = { name: 1, float: 2, integer: 3, text: 4, type: 20 };
const attributeType = { float: 1, integer: 2, text: 3, integers: 7 };
const attributeIntegers = 8;
const tensorField = { shape: 1, type: 2, name: 8, raw: 9, external: 13 };
const int64Type = 7;

/** @throws CorruptBytesError */
export function readDocument(bytes: Uint8Array): OnnxDocument {
  const source = bytesSource(bytes);
  const opsets = new Map<string, number>();
  const modelRest: Uint8Array[] = [];
  let graph: WireField | undefined;
  forEachField(source, { start: 0, end: bytes.length }, (field) => {
    if (field.number === modelField.graph) graph = field;
    else modelRest.push(whole(source, field));
    if (field.number === modelField.opset) readOpset(source, field, opsets);
  });
  return { ...readGraph(source, graph ?? { start: 0, end: 0 }), opsets, modelRest };
}

const whole = (source: ByteSource, { from, end }: WireField): Uint8Array => source.read(from, end - from);
const payload = (source: ByteSource, { start, end }: WireField): Uint8Array => source.read(start, end - start);

function readOpset(source: ByteSource, opset: WireField, opsets: Map<string, number>): void {
  let domain = '';
  let version = 0;
  forEachField(source, opset, (field) => {
    if (field.number === 1) domain = readText(source, field);
    if (field.number === 2) version = field.value;
  });
  opsets.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readGraph(
  source: ByteSource,
  range: { readonly start: number; readonly end: number },
): Omit<OnnxDocument, 'opsets' | 'modelRest'> {
  const nodes: OnnxNode[] = [];
  const initializers: Initializer[] = [];
  const inputs: Named[] = [];
  const outputs: Named[] = [];
  const graphRest: Uint8Array[] = [];
  forEachField(source, range, (field) => {
    if (field.number === graphField.node) nodes.push(readNode(payload(source, field)));
    else if (field.number === graphField.initializer) initializers.push(readInitializer(payload(source, field)));
    else if (field.number === graphField.input) inputs.push(readNamed(payload(source, field)));
    else if (field.number === graphField.output) outputs.push(readNamed(payload(source, field)));
    else graphRest.push(whole(source, field));
  });
  return { nodes, initializers, inputs, outputs, graphRest };
}

function readNode(raw: Uint8Array): OnnxNode {
  const source = bytesSource(raw);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, AttributeValue>();
  let operator = '';
  let domain = '';
  forEachField(source, { start: 0, end: raw.length }, (field) => {
    if (field.number === nodeField.input) inputs.push(readText(source, field));
    if (field.number === nodeField.output) outputs.push(readText(source, field));
    if (field.number === nodeField.operator) operator = readText(source, field);
    if (field.number === nodeField.domain) domain = readText(source, field);
    if (field.number === nodeField.attribute) readAttribute(source, field, attributes);
  });
  return { operator, domain, inputs, outputs, attributes, raw };
}

function readAttribute(source: ByteSource, attribute: WireField, attributes: Map<string, AttributeValue>): void {
  let name = '';
  let value: AttributeValue | undefined;
  forEachField(source, attribute, (field) => {
    if (field.number === attributeField.name) name = readText(source, field);
    if (field.number === attributeField.integer) value = signed(payload(source, field), field.value);
    if (field.number === attributeField.text) value = readText(source, field);
    if (field.number !== attributeField.float) return;
    const bytes = payload(source, field);
    value = { float: new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true) };
  });
  if (value !== undefined) attributes.set(name, value);
}

/** Negative numbers are ten bytes of two's complement. */
function signed(bytes: Uint8Array, value: number): number {
  if (bytes.length < 10) return value;
  const bits = [...bytes].reduceRight((sum, byte) => (sum << 7n) | BigInt(byte & 127), 0n);
  return Number(BigInt.asIntN(64, bits));
}

function readNamed(raw: Uint8Array): Named {
  const source = bytesSource(raw);
  let name = '';
  forEachField(source, { start: 0, end: raw.length }, (field) => {
    if (field.number === 1) name = readText(source, field);
  });
  return { name, raw };
}

function readInitializer(raw: Uint8Array): Initializer {
  const source = bytesSource(raw);
  const shape: number[] = [];
  let name = '';
  let isExternal = false;
  forEachField(source, { start: 0, end: raw.length }, (field) => {
    if (field.number === tensorField.external) isExternal = true;
    if (field.number === tensorField.name) name = readText(source, field);
    if (field.number !== tensorField.shape) return;
    if (field.wire === 0) shape.push(field.value);
    else shape.push(...packedNumbers(payload(source, field)));
  });
  return { name, shape, isExternal, raw };
}

function packedNumbers(bytes: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(value);
    value = 0;
    scale = 1;
  }
  return numbers;
}

export function writeDocument(document: OnnxDocument): Uint8Array {
  const { nodes, initializers, inputs, outputs, graphRest, modelRest } = document;
  const graph = [
    ...nodes.flatMap(({ raw }) => fieldParts(graphField.node, [raw])),
    ...initializers.flatMap(({ raw }) => fieldParts(graphField.initializer, [raw])),
    ...inputs.flatMap(({ raw }) => fieldParts(graphField.input, [raw])),
    ...outputs.flatMap(({ raw }) => fieldParts(graphField.output, [raw])),
    ...graphRest,
  ];
  return joined([...modelRest, ...fieldParts(modelField.graph, graph)]);
}

export type NodeSpec = {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
};

export function makeNode({ operator, domain = '', inputs, outputs, attributes = {} }: NodeSpec): OnnxNode {
  const raw = joined([
    ...inputs.map((name) => textField(nodeField.input, name)),
    ...outputs.map((name) => textField(nodeField.output, name)),
    textField(nodeField.name, outputs[0] ?? operator),
    textField(nodeField.operator, operator),
    ...Object.entries(attributes).map(([name, value]) => bytesField(nodeField.attribute, attributeBytes(name, value))),
    textField(nodeField.domain, domain),
  ]);
  return { operator, domain, inputs, outputs, attributes: new Map(Object.entries(attributes)), raw };
}

function attributeBytes(name: string, value: AttributeValue): Uint8Array {
  const named = textField(attributeField.name, name);
  const typed = (type: number): Uint8Array => varintField(attributeField.type, type);
  if (typeof value === 'number')
    return joined([named, varintField(attributeField.integer, value), typed(attributeType.integer)]);
  if (typeof value === 'string')
    return joined([named, textField(attributeField.text, value), typed(attributeType.text)]);
  if ('float' in value)
    return joined([named, floatField(attributeField.float, value.float), typed(attributeType.float)]);
  const integers = value.integers.map((one) => varintField(attributeIntegers, one));
  return joined([named, ...integers, typed(attributeType.integers)]);
}

/** The same node reading other tensors; all else, known or not, stays. */
export function withInputs(node: OnnxNode, inputs: readonly string[]): OnnxNode {
  const kept = fieldsOf(node.raw, (field) => field.number !== nodeField.input);
  return { ...node, inputs, raw: joined([...inputs.map((name) => textField(nodeField.input, name)), ...kept]) };
}

/** The same node with an attribute set. */
export function withAttribute(node: OnnxNode, name: string, value: AttributeValue): OnnxNode {
  const source = bytesSource(node.raw);
  const others = fieldsOf(node.raw, (field) => {
    if (field.number !== nodeField.attribute) return true;
    return readNamed(payload(source, field)).name !== name;
  });
  const raw = joined([...others, bytesField(nodeField.attribute, attributeBytes(name, value))]);
  return { ...node, attributes: new Map([...node.attributes, [name, value]]), raw };
}

/** The same initializer under another name. */
export function withName(initializer: Initializer, name: string): Initializer {
  const kept = fieldsOf(initializer.raw, (field) => field.number !== tensorField.name);
  return { ...initializer, name, raw: joined([...kept, textField(tensorField.name, name)]) };
}

function fieldsOf(raw: Uint8Array, keeps: (field: WireField) => boolean): readonly Uint8Array[] {
  const source = bytesSource(raw);
  const kept: Uint8Array[] = [];
  forEachField(source, { start: 0, end: raw.length }, (field) => {
    if (keeps(field)) kept.push(whole(source, field));
  });
  return kept;
}

/** A constant of 64-bit integers; -1 is allowed. */
export function makeIntegers(name: string, values: readonly number[]): Initializer {
  const data = new Uint8Array(8 * values.length);
  const view = new DataView(data.buffer);
  for (const [index, value] of values.entries()) view.setBigInt64(8 * index, BigInt(value), true);
  const raw = joined([
    varintField(tensorField.shape, values.length),
    varintField(tensorField.type, int64Type),
    textField(tensorField.name, name),
    bytesField(tensorField.raw, data),
  ]);
  return { name, shape: [values.length], isExternal: false, raw };
}

const elementTypes = { float32: 1, int64: 7 };

/** An input whose dimensions are numbers or names. */
export function makeInput(name: string, type: keyof typeof elementTypes, shape: readonly (number | string)[]): Named {
  const dimensions = shape.map((one) =>
    messageField(1, [typeof one === 'number' ? varintField(1, one) : textField(2, one)]),
  );
  const tensor = messageField(1, [varintField(1, elementTypes[type]), messageField(2, dimensions)]);
  return { name, raw: joined([textField(1, name), messageField(2, [tensor])]) };
}
