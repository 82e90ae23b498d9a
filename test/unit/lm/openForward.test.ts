// Graphs as other exporters write them, made from a committed one: without positions, mask or row selection; with attention of a form
// that is not edited; with the weights in a file of their own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UserError } from '../../../engine/domain/failure';
import {
  type OnnxDocument,
  type OnnxNode,
  readDocument,
  withAttribute,
  withInputs,
  writeDocument,
} from '../../../engine/lm/graph/onnxDocument';
import { bytesSource, forEachField } from '../../../engine/lm/graph/wireReader';
import { joined, messageField, textField, varintField } from '../../../engine/lm/graph/wireWriter';
import type { OpenedModel } from '../../../engine/lm/loadModel';
import { fixtureModels, logitsFromScratch } from '../../support/localModel';
import { openModel } from '../../support/openModel';

const original = path.join(fixtureModels, 'tiny-qwen2-gqa');
const options = { threads: 1, cacheBytes: 2 ** 28 };
const ids = [5, 9, 200, 31, 77, 12, 150, 8, 99, 41];
const attention = 'GroupQueryAttention';

/** Fields of TensorProto. */
const [rawData, externalData, dataLocation] = [9, 13, 14];

describe('exports of other tools', () => {
  let place: string;
  let expected: Float32Array;
  before(async () => {
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-'));
    const opened = await openModel(original, options);
    expected = await logitsFromScratch(opened.model.forward, ids);
    await opened.release();
  });
  after(() => fs.rmSync(place, { recursive: true }));

  async function opened(name: string, edit: (document: OnnxDocument) => OnnxDocument): Promise<OpenedModel> {
    const folder = path.join(place, name);
    fs.cpSync(original, folder, { recursive: true });
    const file = path.join(folder, 'model.onnx');
    fs.writeFileSync(file, writeDocument(edit(readDocument(new Uint8Array(fs.readFileSync(file))))));
    return openModel(folder, options);
  }

  /** As onnxruntime-genai's builder writes it: attention counts positions itself and has no mask; all rows have logits. */
  function bare(document: OnnxDocument): OnnxDocument {
    const chosen = document.nodes.find(({ inputs }) => inputs.includes('logit_idx'))!;
    const nodes = document.nodes
      .filter((node) => node !== chosen && !node.inputs.includes('attention_bias'))
      .map((node) => (node.operator === attention ? withInputs(node, node.inputs.slice(0, 9)) : node))
      .map((node) => reading(node, chosen.outputs[0]!, chosen.inputs[0]!));
    const names = ['position_ids', 'attention_bias', 'logit_idx'];
    return { ...document, nodes, inputs: document.inputs.filter(({ name }) => !names.includes(name)) };
  }

  const reading = (node: OnnxNode, from: string, to: string): OnnxNode =>
    node.inputs.includes(from)
      ? withInputs(
          node,
          node.inputs.map((name) => (name === from ? to : name)),
        )
      : node;

  async function checkSame({ model, release }: OpenedModel): Promise<void> {
    const whole = await logitsFromScratch(model.forward, ids);
    const positions = ids.map((_, index) => index);
    model.forward.cache.rewind(0);
    const rows = { ids: ids.slice(0, 6), positions: positions.slice(0, 6), visible: null, wanted: [] };
    await model.forward.evaluate(rows);
    const rest = { ids: ids.slice(6), positions: positions.slice(6), visible: null, wanted: [3] };
    const continued = (await model.forward.evaluate(rest)).slice();
    for (const logits of [whole, continued]) {
      assert.equal(logits.length, expected.length);
      for (const [index, value] of logits.entries()) assert.ok(Math.abs(value - expected[index]!) < 1e-4);
    }
    await release();
  }

  /** Moves the weights into a file beside the graph, as exporters do beyond two gigabytes. */
  function external(folder: string): void {
    const file = path.join(folder, 'model.onnx');
    const document = readDocument(new Uint8Array(fs.readFileSync(file)));
    const data: Uint8Array[] = [];
    let length = 0;
    const initializers = document.initializers.map((initializer) => {
      const source = bytesSource(initializer.raw);
      const kept: Uint8Array[] = [];
      let moved: readonly Uint8Array[] = [];
      forEachField(source, { start: 0, end: source.size }, ({ number, from, start, end }) => {
        const isLarge = number === rawData && end - start > 64;
        if (!isLarge) kept.push(source.read(from, end - from));
        if (!isLarge) return;
        const places = { location: 'weights.bin', offset: `${length}`, length: `${end - start}` };
        moved = Object.entries(places).map(([key, value]) =>
          messageField(externalData, [textField(1, key), textField(2, value)]),
        );
        data.push(source.read(start, end - start));
        length += end - start;
      });
      const isMoved = moved.length > 0 ? [...moved, varintField(dataLocation, 1)] : [];
      return { ...initializer, raw: joined([...kept, ...isMoved]) };
    });
    fs.writeFileSync(path.join(folder, 'weights.bin'), joined(data));
    fs.writeFileSync(file, writeDocument({ ...document, initializers }));
  }

  test('weights in a file of their own are found beside the graph, edited or not; without it the file is named', async () => {
    const folder = path.join(place, 'external');
    fs.cpSync(original, folder, { recursive: true });
    const inside = await openModel(folder, options);
    await inside.release();
    external(folder);
    const outside = await openModel(folder, options);
    assert.ok(outside.model.forward.hidesSlots);
    assert.notEqual(outside.record.sha256, inside.record.sha256);
    await checkSame(outside);
    const weights = path.join(folder, 'weights.bin');
    fs.truncateSync(weights, 1000);
    await assert.rejects(openModel(folder, options), { name: 'UserError', message: /damaged/ });
    fs.rmSync(weights);
    await assert.rejects(openModel(folder, options), { name: 'UserError', message: /weights\.bin/ });
  });

  test('a graph without mask, positions and row selection gets them', async () => {
    const model = await opened('bare', bare);
    assert.ok(model.model.forward.hidesSlots);
    await checkSame(model);
  });

  test('attention of an unknown form is evaluated as it is, by rewinding', async () => {
    // A window longer than the text changes nothing, but the edit does not know windows.
    const windowed = (document: OnnxDocument): OnnxDocument => ({
      ...document,
      nodes: document.nodes.map((node) =>
        node.operator === attention ? withAttribute(node, 'local_window_size', 100) : node,
      ),
    });
    const model = await opened('windowed', (document) => windowed(bare(document)));
    assert.ok(!model.model.forward.hidesSlots);
    await checkSame(model);
  });

  test('the edit honors how the rotary tables are laid out, else it would be refused', async () => {
    const model = await opened('interleaved', (document) => ({
      ...bare(document),
      nodes: bare(document).nodes.map((node) =>
        node.operator === attention ? withAttribute(node, 'rotary_interleaved', 1) : node,
      ),
    }));
    assert.ok(model.model.forward.hidesSlots);
    const changed = await logitsFromScratch(model.model.forward, ids);
    assert.ok(changed.some((value, index) => Math.abs(value - expected[index]!) > 1e-2));
    await model.release();
  });

  test("a graph that opens and cannot run is refused with the runtime's own words", async () => {
    const cosines = 7;
    const broken = (document: OnnxDocument): OnnxDocument => {
      const table = document.initializers.find(({ name }) => name.includes('embed'))!.name;
      const wrong = (node: OnnxNode): OnnxNode =>
        withInputs(
          node,
          node.inputs.map((name, i) => (i === cosines ? table : name)),
        );
      return { ...document, nodes: document.nodes.map((node) => (node.operator === attention ? wrong(node) : node)) };
    };
    await assert.rejects(
      opened('unrunnable', broken),
      (error: Error) =>
        error instanceof UserError && /cannot evaluate .*unrunnable.*Choose another export/.test(error.message),
    );
  });
});
