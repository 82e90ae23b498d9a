import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponential } from '../../../engine/lm/exponential';
import { uniform } from '../../../engine/lm/philox';

test('equals Math.exp to twelve digits wherever e^x is not negligible', () => {
  for (let i = 0; i < 100_000; i++) {
    const x = -707 * uniform('exponential', i) ** (1 + (i % 8));
    assert.ok(Math.abs(exponential(x) / Math.exp(x) - 1) < 1e-12, `${x}`);
  }
});

test('is exact at its ends and never grows as x falls', () => {
  assert.equal(exponential(0), 1);
  assert.deepEqual([Number.NEGATIVE_INFINITY, -1000, Number.NaN].map(exponential), [0, 0, 0]);
  for (let step = 0; step < 20_000; step++) {
    const [higher, lower] = [exponential(-step * 1e-3), exponential(-(step + 1) * 1e-3)];
    assert.ok(lower < higher);
  }
});
