import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../../engine/domain/comparison';
import { sideText } from '../../../extension/trace/diffSides';

const reasoning = '\nOne thing. Another thing.\n\nSo yes.\n';
const comparison = {
  example: {
    messages: [{ role: 'user', content: 'Is the American right?' }],
    trace: { reasoning, frame: { before: '', open: '<think>', close: '</think>' }, answerText: '\nyes' },
    answer: { option: 'yes', range: { start: 1, end: 4 } },
  },
  cut: { k: 2, n: 6, offset: reasoning.indexOf(' Another'), backedOff: false, removedClosing: '' },
  results: [
    { finish: 'stop', text: ' \0Not so.\n</think>\nno', outcome: { kind: 'option', option: 'no' } },
    { finish: 'forced', text: 'no', outcome: { kind: 'option', option: 'no' } },
  ],
  editedMessages: [{ role: 'user', content: 'Is the Canadian right?' }],
} as unknown as Comparison;

test('both sides are the whole turn under its own prompt, a step a line', () => {
  assert.equal(
    sideText(comparison, 'original', 0),
    '─── user ───\nIs the American right?\n\n─── turn ───\nOne thing.\nAnother thing.\nSo yes.\n</think>\nyes\n',
  );
  assert.equal(
    sideText(comparison, 'regenerated', 0),
    '─── user ───\nIs the Canadian right?\n\n─── turn ───\nOne thing.\n␀Not so.\n</think>\nno\n',
  );
});

test('a forced sample keeps the record’s closing bytes; a sample that is not there is the last one', () => {
  const forced = sideText(comparison, 'regenerated', 1);
  assert.match(forced, /\n<\/think>\nno\n$/);
  assert.equal(sideText(comparison, 'regenerated', 7), forced);
});
