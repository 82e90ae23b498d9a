// The intervals and tests keep what they promise when the truth is known: by summing over all counts, and by seeded simulation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterBootstrap } from '../../../engine/measure/clusterBootstrap';
import { excessFlip } from '../../../engine/measure/excessFlip';
import { binomialProbability } from '../../../engine/measure/logFactorial';
import { mcnemar } from '../../../engine/measure/mcnemar';
import { pairedPermutation } from '../../../engine/measure/pairedPermutation';
import { mcnemarSampleSize, unpairedSampleSize } from '../../../engine/measure/sampleSize';
import { type Random, seededRandom } from '../../../engine/measure/seededRandom';
import { wilson } from '../../../engine/measure/wilson';
import reference from '../../fixtures/statistics/reference.json';

const covers = (interval: readonly [number, number] | null, truth: number): boolean =>
  interval !== null && interval[0] <= truth && truth <= interval[1];

const binomial = (random: Random, n: number, p: number): number => {
  let successes = 0;
  for (let draw = 0; draw < n; draw += 1) if (random() < p) successes += 1;
  return successes;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Share of `repeats` in which it happened, with four standard errors around the expected share. */
function assertShare(happened: number, repeats: number, expected: number): void {
  const slack = 4 * Math.sqrt((expected * (1 - expected)) / repeats);
  assert.ok(Math.abs(happened / repeats - expected) <= slack, `${happened / repeats} is not ${expected} ± ${slack}`);
}

function exactCoverage(n: number, p: number): number {
  let coverage = 0;
  for (let k = 0; k <= n; k += 1) if (covers(wilson(k, n), p)) coverage += binomialProbability(k, n, p);
  return coverage;
}

test('Wilson’s coverage equals the exact binomial coverage, recorded and simulated', () => {
  const random = seededRandom(1);
  for (const { n, p, coverage } of reference.coverage) {
    assert.ok(Math.abs(exactCoverage(n, p) - coverage) < 1e-9);
    let covered = 0;
    for (let repeat = 0; repeat < 1500; repeat += 1) if (covers(wilson(binomial(random, n, p), n), p)) covered += 1;
    assertShare(covered, 1500, coverage);
  }
});

test('Wilson’s coverage averages 94 to 96 % over p = 0.02, 0.04, … 0.98 and n = 20 to 500', () => {
  const ps = Array.from({ length: 49 }, (_, index) => (index + 1) / 50);
  for (const n of [20, 50, 100, 244, 500]) {
    const average = mean(ps.map((p) => exactCoverage(n, p)));
    assert.ok(average > 0.94 && average < 0.96, `n = ${n}: ${average}`);
  }
});

test('the cluster bootstrap covers 92.5 to 97 % from 50 clusters up, where treating samples as independent would not', () => {
  const random = seededRandom(2);
  const [repeats, clusters, samples] = [600, 60, 5];
  let [covered, coveredIfPooled] = [0, 0];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    // Each example is kept with a probability of its own, 0.9 or 0.4: the truth is 0.65 and samples of an example are alike.
    const drawn = Array.from({ length: clusters }, () => binomial(random, samples, random() < 0.5 ? 0.9 : 0.4));
    const shares = drawn.map((kept) => ({ part: kept / samples, whole: 1 }));
    if (covers(clusterBootstrap(shares, { replicates: 400, seed: repeat }), 0.65)) covered += 1;
    if (covers(wilson(mean(drawn) * clusters, clusters * samples), 0.65)) coveredIfPooled += 1;
  }
  assert.ok(covered / repeats > 0.925 && covered / repeats < 0.97, `${covered / repeats}`);
  assert.ok(coveredIfPooled / repeats < 0.9, `${coveredIfPooled / repeats}`);
});

test('false alarms are at most 5 % and the computed sample size gives its power', () => {
  const random = seededRandom(3);
  const n = mcnemarSampleSize(0.15, 0.05)!;
  const repeats = 3000;
  let [alarms, found] = [0, 0];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    if (discordantP(random, n, [0.1, 0.1]) <= 0.05) alarms += 1;
    if (discordantP(random, n, [0.15, 0.05]) <= 0.05) found += 1;
  }
  assert.ok(alarms / repeats <= 0.05, `${alarms / repeats} false alarms`);
  // The formula is asymptotic, the test exact and so a little conservative.
  assert.ok(found / repeats > 0.72 && found / repeats < 0.84, `power ${found / repeats}`);
});

test('the unpaired sample size gives its power to the pooled two-sample test', () => {
  const random = seededRandom(6);
  const n = unpairedSampleSize(0.85, 0.75)!;
  assert.equal(n, 250);
  assert.equal(unpairedSampleSize(0.75, 0.85), n);
  assert.equal(unpairedSampleSize(0.4, 0.4), null);
  const keptOf = (rate: number): number => Array.from({ length: n }, random).filter((one) => one < rate).length / n;
  const repeats = 2000;
  let found = 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const [p, q] = [keptOf(0.85), keptOf(0.75)];
    const pooled = (p + q) / 2;
    if (Math.abs(p - q) / Math.sqrt((2 * pooled * (1 - pooled)) / n) > 1.959964) found += 1;
  }
  assertShare(found, repeats, 0.8);
});

test('the paired permutation test raises at most 5 % false alarms', () => {
  const random = seededRandom(4);
  const repeats = 400;
  let alarms = 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const differences = Array.from({ length: 40 }, () => (binomial(random, 4, 0.5) - binomial(random, 4, 0.5)) / 4);
    if (pairedPermutation(differences, { draws: 300, seed: repeat }) <= 0.05) alarms += 1;
  }
  assert.ok(alarms / repeats <= 0.05 + 4 * Math.sqrt((0.05 * 0.95) / repeats), `${alarms / repeats}`);
});

test('excess flips average (p - q)² summed over both answers, and 0 when the arms agree', () => {
  const random = seededRandom(5);
  const draws = (p: number): string[] => Array.from({ length: 3 }, () => (random() < p ? 'approve' : 'reject'));
  const arms = (p: number, q: number) => Array.from({ length: 40_000 }, () => ({ a: draws(p), b: draws(q) }));
  assert.ok(Math.abs(excessFlip(arms(0.9, 0.4))!.squared - 0.25) < 0.01);
  assert.ok(Math.abs(excessFlip(arms(0.7, 0.7))!.squared) < 0.01);
});

/** p of a simulated comparison in which examples are kept only under one condition with these probabilities. */
function discordantP(random: Random, n: number, [onlyFirst, onlySecond]: readonly [number, number]): number {
  let [b, c] = [0, 0];
  for (let example = 0; example < n; example += 1) {
    const draw = random();
    if (draw < onlyFirst) b += 1;
    else if (draw < onlyFirst + onlySecond) c += 1;
  }
  return mcnemar(b, c);
}
