import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterRate } from '../../../engine/measure/rates';
import { wilson } from '../../../engine/measure/wilson';

const rateOf = (values: readonly number[]) => clusterRate(values.map((part) => ({ part, whole: 1 })));

test('examples that are nearly alike leave room for those that were not drawn', () => {
  const certain = rateOf([0.99999, 0.9999, 0.99998, 0.99997, 1, 0.99995, 0.99999, 0.9999, 0.99998, 1, 1, 0.99999]);
  assert.equal(certain.method, 'Wilson over examples');
  assert.ok((certain.interval?.[0] ?? 1) < 0.8, 'twelve examples cannot tell 100 % from 90 %');
  const half = rateOf(Array<number>(12).fill(0.5));
  assert.deepEqual(half.interval, wilson(6, 12));
  assert.equal(rateOf([...Array<number>(11).fill(1), 0.5]).method, 'cluster bootstrap');
});

test('as many examples as a large file has', () => {
  assert.equal(rateOf(Array<number>(300_000).fill(1)).rate, 1);
});
