// What a person waits for: one example to read, a run of one example told as it is written, curves that overtake a run at work.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { noPromptEdit } from '../../../engine/domain/condition';
import { greedy, type RunSpec } from '../../../engine/domain/run';
import type { OpenedTrace, RunProgress } from '../../../engine/service/contract';
import { createEngineProcess } from '../../../extension/host/engineProcess';
import { projectRoot } from '../../support/paths';

const file = path.join(projectRoot, 'samples/loans-mixed.jsonl');
const engine = createEngineProcess({
  script: path.join(projectRoot, 'dist/engine.js'),
  role: 'engine',
  name: 'The engine',
  onLog: () => undefined,
  onState: () => undefined,
});

let out: string;
let opened: OpenedTrace;

before(async () => {
  out = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-watched-'));
  opened = await engine.ask('openTrace', { file, at: { index: 3 } });
});
after(() => {
  engine.stop();
  fs.rmSync(out, { recursive: true, force: true, maxRetries: 10 });
});

const spec = (more: Partial<RunSpec>): RunSpec => ({
  v: 1,
  files: [file],
  model: 'bundled',
  conditions: [
    {
      promptEdit: noPromptEdit,
      traceEdit: { id: 'keep', keep: { unit: 'offset', value: 60 }, close: 'open' },
      readout: 'continued',
    },
  ],
  samples: 1,
  sampling: greedy,
  seed: 1,
  limit: null,
  maxTokens: 200,
  answer: 'auto',
  noiseExamples: 0,
  ...more,
});

describe('one example', () => {
  test('is opened by its place and by what a run recorded of it, with what the file tells', async () => {
    const { example, summary } = opened;
    const again = await engine.ask('openTrace', { file, at: { source: example.source, id: example.id } });
    assert.deepEqual(again.example, example);
    assert.deepEqual([...summary.answer.options].sort(), ['approve', 'reject']);
    assert.equal(summary.bundledProducer, true);
  });

  test('that is not there is refused in a sentence', async () => {
    await assert.rejects(engine.ask('openTrace', { file, at: { index: 9999 } }), /has no example 10000 any more/);
  });

  test('is told as it is written when it runs alone', async () => {
    const events: RunProgress[] = [];
    const asked = { spec: spec({ only: [opened.example.id] }), out };
    const { dir } = await engine.ask('run', asked, { onEvent: (event) => events.push(event) });
    const { conditions } = await engine.ask('manifest', { dir });
    const condition = conditions[0]?.id;
    assert.ok(condition);
    const told = events.flatMap((event) => (event.type === 'wrote' ? [event] : []));
    const { results } = await engine.ask('comparison', { dir, example: opened.example.id, condition });
    assert.ok(told.length > 0);
    assert.ok(told.every((event) => event.condition === condition && event.sample === 0));
    assert.equal(told.map(({ text }) => text).join(''), results[0]?.text);
  });
});

describe('curves', () => {
  test('overtake a run at work, which is none the worse for it', async () => {
    const controller = new AbortController();
    let isOver = false;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const onEvent = ({ type }: RunProgress): void => void (type === 'progress' && begin());
    const options = { signal: controller.signal, onEvent };
    const batch = engine.ask('run', { spec: spec({ limit: 200 }), out }, options).finally(() => {
      isOver = true;
    });
    const failed = assert.rejects(batch, /cancelled/);
    await begun;
    const { example, summary } = opened;
    const asked = { model: 'bundled', example, options: summary.answer.options, swap: null, from: 0 };
    const { steps } = await engine.ask('curve', asked);
    assert.ok(steps > 5);
    assert.equal(isOver, false, 'the run goes on behind it');
    controller.abort();
    await failed;
  });
});
