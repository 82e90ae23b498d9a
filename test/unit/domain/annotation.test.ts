import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeIn } from '../../../engine/domain/annotation';

const text = 'So it is. He pays. So it is.';

test('annotated words stay where they were, or are found where they went', () => {
  assert.deepEqual(rangeIn(text, { start: 10, end: 18, quote: 'He pays.' }), { start: 10, end: 18 });
  assert.deepEqual(rangeIn(text, { start: 3, end: 11, quote: 'He pays.' }), { start: 10, end: 18 });
});

test('of several places the nearest is meant', () => {
  assert.deepEqual(rangeIn(text, { start: 4, end: 13, quote: 'So it is.' }), { start: 0, end: 9 });
  assert.deepEqual(rangeIn(text, { start: 15, end: 24, quote: 'So it is.' }), { start: 19, end: 28 });
  assert.deepEqual(rangeIn(text, { start: 900, end: 909, quote: 'So it is.' }), { start: 19, end: 28 });
});

test('words that are gone are nowhere', () => {
  assert.equal(rangeIn(text, { start: 0, end: 4, quote: 'She pays.' }), null);
  assert.equal(rangeIn(text, { start: 0, end: 0, quote: '' }), null);
});
