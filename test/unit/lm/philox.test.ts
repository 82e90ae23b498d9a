import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PhiloxCounter, type PhiloxKey, philox4x32, uniform } from '../../../engine/lm/philox';

// The three "philox4x32 10" lines of Random123's tests/kat_vectors: counter, key, result.
const knownAnswers: readonly (readonly [PhiloxCounter, PhiloxKey, PhiloxCounter])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test('philox gives the known answers of its authors', () => {
  for (const [counter, key, expected] of knownAnswers) assert.deepEqual(philox4x32(counter, key), expected);
});

test('a number depends on its stream and position alone', () => {
  const forward = Array.from({ length: 50 }, (_, i) => uniform('stream', i));
  const backward = Array.from({ length: 50 }, (_, i) => uniform('stream', 49 - i)).reverse();
  assert.deepEqual(forward, backward);
  assert.equal(new Set(forward).size, 50);
  assert.notEqual(uniform('stream', 0), uniform('other', 0));
});

test('numbers are in [0, 1), evenly spread and uncorrelated between streams', () => {
  const count = 20000;
  const bins = new Array<number>(20).fill(0);
  let product = 0;
  for (let i = 0; i < count; i += 1) {
    const a = uniform('a', i);
    assert.ok(a >= 0 && a < 1);
    bins[Math.floor(a * 20)]! += 1;
    product += (a - 0.5) * (uniform('b', i) - 0.5);
  }
  const chiSquare = bins.reduce((sum, n) => sum + (n - count / 20) ** 2 / (count / 20), 0);
  assert.ok(chiSquare < 43.8, `chi-square ${chiSquare} of 19 degrees of freedom exceeds its 0.999 quantile`);
  assert.ok(Math.abs(product / count) < 0.0025);
});

test('positions beyond 32 bits go on counting', () => {
  assert.notEqual(uniform('stream', 2 ** 32), uniform('stream', 0));
});
