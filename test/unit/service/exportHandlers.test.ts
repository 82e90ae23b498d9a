// What the editor has written out: the examples that were chosen, in their order, and nothing over what may be somebody's folder.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ExportProgress } from '../../../engine/service/contract';
import { exportHandlers } from '../../../engine/service/exportHandlers';
import { projectRoot } from '../../support/paths';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'export-handlers-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const file = path.join(projectRoot, 'samples/loans-mixed.jsonl');
const heard: ExportProgress[] = [];
const context = { signal: new AbortController().signal, emit: (progress: ExportProgress) => void heard.push(progress) };

const rowsOf = (out: string): readonly { readonly line: number }[] =>
  fs
    .readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('the chosen examples are written, in the order in which they were chosen', async () => {
  const out = path.join(folder, 'chosen.jsonl');
  const { written } = await exportHandlers.exportExamples({ file, indexes: [7, 2], to: 'jsonl', out }, context);
  assert.equal(written, 2);
  assert.deepEqual(
    rowsOf(out).map(({ line }) => line),
    [8, 3],
  );
});

test('all of a file is written, and told while it is', async () => {
  const out = path.join(folder, 'all.jsonl');
  const { written } = await exportHandlers.exportExamples({ file, indexes: null, to: 'jsonl', out }, context);
  assert.equal(written, rowsOf(out).length);
  assert.ok(written > 100);
  assert.equal(heard.at(-1)?.done, written);
});

test('a folder stays, a file is written over, an unknown form is named', async () => {
  const ask = async (to: string, out: string) =>
    exportHandlers.exportExamples({ file, indexes: [0], to, out: path.join(folder, out) }, context);
  fs.mkdirSync(path.join(folder, 'mine'));
  await assert.rejects(ask('thought-anchors', 'mine'), { name: 'UserError', message: /there already/ });
  await assert.rejects(ask('jsonl', 'mine'), { name: 'UserError', message: /is a folder/ });
  await assert.rejects(ask('doc', 'x.doc'), { name: 'UserError', message: /"doc"/ });
  assert.equal((await ask('jsonl', 'all.jsonl')).written, 1);
  assert.equal(rowsOf(path.join(folder, 'all.jsonl')).length, 1);
});
