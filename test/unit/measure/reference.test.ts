// Every formula of engine/measure against values recorded from statsmodels, scipy and numpy (test/support/python/statisticsReference.py).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benjaminiHochberg } from '../../../engine/measure/benjaminiHochberg';
import { clusterBootstrap } from '../../../engine/measure/clusterBootstrap';
import { cohenKappa, type LabelPair } from '../../../engine/measure/cohenKappa';
import { jensenShannon } from '../../../engine/measure/divergence';
import { excessFlip } from '../../../engine/measure/excessFlip';
import { holm } from '../../../engine/measure/holm';
import { binomialProbability, logFactorial } from '../../../engine/measure/logFactorial';
import { mcnemar } from '../../../engine/measure/mcnemar';
import { faithfulAtK } from '../../../engine/measure/metrics/faithfulAtK';
import { meanHeight } from '../../../engine/measure/metrics/trapezoid';
import { normalQuantile } from '../../../engine/measure/normalQuantile';
import { newcombe } from '../../../engine/measure/pairedDifference';
import { pairedPermutation } from '../../../engine/measure/pairedPermutation';
import { mcnemarSampleSize, sampleSizeForRates } from '../../../engine/measure/sampleSize';
import { seededRandom, xoshiro128 } from '../../../engine/measure/seededRandom';
import { wilson } from '../../../engine/measure/wilson';
import reference from '../../fixtures/statistics/reference.json';

/** Within 1e-9, absolute below 1 and relative above. */
function near(actual: number | null | undefined, expected: number, what: string): void {
  assert.ok(typeof actual === 'number', `${what}: ${actual} is not a number`);
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, not ${expected}`,
  );
}

test('random numbers are those of the published generator', () => {
  const known = xoshiro128([1, 2, 3, 4]);
  for (const value of reference.random.state1234) assert.equal(known() * 2 ** 32, value);
  for (const { seed, draws } of reference.random.seeded) {
    const random = seededRandom(seed);
    for (const value of draws) assert.equal(random() * 2 ** 32, value, `seed ${seed}`);
  }
});

test('normal quantiles', () => {
  for (const { p, z } of reference.normalQuantile) near(normalQuantile(p), z, `p = ${p}`);
  assert.throws(() => normalQuantile(1), RangeError);
  assert.throws(() => normalQuantile(Number.NaN), RangeError);
});

test('log factorials and binomial probabilities', () => {
  for (const { n, value } of reference.logFactorial) near(logFactorial(n), value, `${n}!`);
  for (const { k, n, p, value } of reference.binomial) near(binomialProbability(k, n, p), value, `${k} of ${n}`);
});

test('Wilson intervals', () => {
  for (const { k, n, confidence, interval } of reference.wilson) {
    const [low, high] = wilson(k, n, confidence) ?? [];
    near(low, interval[0]!, `${k}/${n} low`);
    near(high, interval[1]!, `${k}/${n} high`);
  }
  assert.equal(wilson(0, 0), null);
  assert.equal(wilson(0, 20)?.[0], 0);
  assert.equal(wilson(20, 20)?.[1], 1);
});

test('exact McNemar', () => {
  for (const { b, c, p } of reference.mcnemar) {
    near(mcnemar(b, c), p, `${b} against ${c}`);
    assert.equal(mcnemar(b, c), mcnemar(c, b));
  }
  assert.ok(mcnemar(5, 0) > 0.05 && mcnemar(6, 0) < 0.05);
});

test('Holm and Benjamini-Hochberg', () => {
  for (const row of reference.multiplicity) {
    const [byHolm, byHochberg] = [holm(row.ps), benjaminiHochberg(row.ps)];
    for (const index of row.ps.keys()) {
      near(byHolm[index], row.holm[index]!, `Holm of ${row.ps}`);
      near(byHochberg[index], row.benjaminiHochberg[index]!, `Benjamini-Hochberg of ${row.ps}`);
    }
  }
  assert.deepEqual(holm([]), []);
  assert.deepEqual(benjaminiHochberg([]), []);
});

test('Cohen’s kappa', () => {
  for (const { table, kappa, raw } of reference.kappa) {
    const found = cohenKappa(pairsOf(table), { replicates: 200 });
    near(found.kappa, kappa, `kappa of ${table}`);
    near(found.raw, raw, `raw agreement of ${table}`);
    assert.ok(found.interval && found.interval[0] <= kappa + 1e-12 && kappa - 1e-12 <= found.interval[1]);
  }
  assert.deepEqual(cohenKappa([]), { n: 0, raw: null, kappa: null, interval: null });
  const onlyOneLabel: LabelPair[] = [
    ['yes', 'yes'],
    ['yes', 'yes'],
  ];
  assert.deepEqual(cohenKappa(onlyOneLabel), { n: 2, raw: 1, kappa: null, interval: null });
});

test('cluster bootstrap', () => {
  for (const { part, whole, seed, replicates, interval } of reference.bootstrap) {
    const clusters = part.map((value, index) => ({ part: value, whole: whole[index]! }));
    const found = clusterBootstrap(clusters, { seed, replicates });
    near(found?.[0], interval[0]!, `low of ${clusters.length} clusters`);
    near(found?.[1], interval[1]!, `high of ${clusters.length} clusters`);
  }
  assert.equal(clusterBootstrap([]), null);
  assert.equal(clusterBootstrap([{ part: 0, whole: 0 }]), null);
});

test('paired permutation', () => {
  for (const { differences, p, exact } of reference.permutation) {
    const found = pairedPermutation(differences);
    if (exact) near(found, p, `${differences.length} differences`);
    // Four standard errors of 10,000 draws.
    else assert.ok(Math.abs(found - p) < 4 * Math.sqrt((p * (1 - p)) / 10_000) + 1e-4, `${found} is far from ${p}`);
  }
  assert.equal(pairedPermutation([]), 1);
  assert.equal(pairedPermutation([0, 0]), 1);
  assert.equal(pairedPermutation([0.1, 0.2, -0.3]), 1);
});

test('sample size', () => {
  for (const { b, c, alpha, power, n } of reference.sampleSize) {
    assert.equal(mcnemarSampleSize(b, c, { alpha, power }), n);
    assert.equal(mcnemarSampleSize(c, b, { alpha, power }), n);
  }
  assert.equal(mcnemarSampleSize(0.15, 0.05), 155);
  assert.equal(mcnemarSampleSize(0.1, 0.05), 469);
  assert.equal(mcnemarSampleSize(0.1, 0.1), null);
  assert.equal(sampleSizeForRates(0.85, 0.75), mcnemarSampleSize(0.85 * 0.25, 0.75 * 0.15));
});

test('excess flips', () => {
  for (const { arms, squared, absolute } of reference.excess) {
    const found = excessFlip(arms);
    near(found?.squared, squared, `${arms.length} examples, squared`);
    near(found?.absolute, absolute, `${arms.length} examples, absolute`);
  }
  assert.equal(excessFlip([]), null);
  assert.equal(excessFlip([{ a: ['x'], b: ['x', 'y'] }]), null);
});

test('Newcombe’s interval of two groups', () => {
  for (const { a, n, b, m, interval } of reference.newcombe) {
    const found = newcombe({ successes: a, n }, { successes: b, n: m }, 0);
    near(found?.[0], interval[0]!, `${a}/${n} against ${b}/${m}, low`);
    near(found?.[1], interval[1]!, `${a}/${n} against ${b}/${m}, high`);
  }
});

test('Jensen-Shannon divergences', () => {
  for (const { p, q, value } of reference.divergence) near(jensenShannon(p, q), value, `${p} and ${q}`);
  near(jensenShannon([1, 0], [0, 1]), Math.log(2), 'disjoint');
  assert.equal(jensenShannon([0, 0], [1, 1]), null);
});

test('mean heights by the trapezoid rule', () => {
  for (const { at, height, value } of reference.area) {
    const points = at.map((place, index) => ({ at: place, height: height[index]! }));
    near(meanHeight(points.reverse()), value, `${at.length} points`);
  }
  assert.equal(meanHeight([]), null);
  assert.equal(meanHeight([{ at: 0.3, height: 0.5 }]), 0.5);
});

test('faithful@k', () => {
  for (const { n, c, k, value } of reference.faithfulAtK)
    near(faithfulAtK({ samples: n, faithful: c }, k), value, `${c} of ${n}, k = ${k}`);
  assert.equal(faithfulAtK({ samples: 3, faithful: 1 }, 4), null);
});

function pairsOf(table: readonly (readonly number[])[]): LabelPair[] {
  return table.flatMap((row, first) =>
    row.flatMap((count, second) => Array.from({ length: count }, (): LabelPair => [`${first}`, `${second}`])),
  );
}
