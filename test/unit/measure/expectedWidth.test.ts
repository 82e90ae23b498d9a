import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examplesForWidth, expectedWidth, readableOf } from '../../../engine/measure/expectedWidth';
import { clusterRate, proportionRate } from '../../../engine/measure/rates';
import { seededRandom } from '../../../engine/measure/seededRandom';
import { wilson } from '../../../engine/measure/wilson';

const widthOf = ([low, high]: readonly [number, number]): number => high - low;

test('the expected width is about what the whole run finds, on average over pilots', () => {
  const random = seededRandom(4);
  for (const truth of [0.15, 0.5, 0.85]) {
    const found = Array.from({ length: 400 }, () => {
      const kept = Array.from({ length: 30 }, random).filter((one) => one < truth).length;
      return expectedWidth(proportionRate(kept, 30), 500) ?? 0;
    });
    const mean = found.reduce((sum, one) => sum + one, 0) / found.length;
    const width = widthOf(wilson(truth * 500, 500)!);
    assert.ok(Math.abs(mean - width) < 0.12 * width, `${truth}: ${mean}, not ${width}`);
  }
});

test('a pilot in which all agree promises no certainty, and a bootstrap shrinks with the root', () => {
  assert.ok((expectedWidth(proportionRate(30, 30), 500) ?? 0) > widthOf(wilson(500, 500)!));
  const shares = Array.from({ length: 40 }, (_, index) => ({ part: (index % 5) / 4, whole: 1 }));
  const pilot = clusterRate(shares);
  assert.ok(Math.abs(expectedWidth(pilot, 160)! - widthOf(pilot.interval!) / 2) < 1e-12);
});

test('the number of examples is the smallest that reaches the width', () => {
  for (const kept of [0, 9, 15, 30]) {
    const pilot = proportionRate(kept, 30);
    const n = examplesForWidth(pilot, 0.1)!;
    assert.ok(expectedWidth(pilot, n)! <= 0.1 && expectedWidth(pilot, n - 1)! > 0.1, `${kept}: ${n}`);
  }
});

test('examples that a condition leaves out of the pilot will be left out of the whole file', () => {
  const pilot = proportionRate(5, 6);
  assert.equal(readableOf(pilot, 30, 500), 100);
  assert.ok(expectedWidth(pilot, readableOf(pilot, 30, 500))! > 2 * expectedWidth(pilot, 500)!);
  assert.equal(readableOf(proportionRate(0, 0), 0, 500), 0);
});

test('nothing readable promises nothing', () => {
  assert.equal(expectedWidth(proportionRate(0, 0), 100), null);
  assert.equal(examplesForWidth(proportionRate(0, 0), 0.1), null);
  assert.equal(examplesForWidth(proportionRate(3, 9), 0), null);
});
