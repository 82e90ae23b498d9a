// The intervals and tests keep what they promise when the truth is known: by summing over all counts, and by seeded simulation.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { benjaminiHochberg } from '../../../engine/measure/benjaminiHochberg';
import { bootstrapStatistic } from '../../../engine/measure/bootstrapStatistic';
import { clusterBootstrap } from '../../../engine/measure/clusterBootstrap';
import { excessFlip } from '../../../engine/measure/excessFlip';
import { holm } from '../../../engine/measure/holm';
import { binomialProbability } from '../../../engine/measure/logFactorial';
import { mcnemar } from '../../../engine/measure/mcnemar';
import { shareDifference } from '../../../engine/measure/pairedDifference';
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

/** How likely each example keeps its answer, drawn anew for every example, and the mean of that. */
const designs: readonly { readonly kept: (random: Random) => number; readonly truth: number }[] = [
  { kept: (random) => (random() < 0.5 ? 0.9 : 0.4), truth: 0.65 },
  { kept: (random) => random(), truth: 0.5 },
  { kept: (random) => (random() < 0.8 ? 0.95 : 0.4), truth: 0.84 },
];

test('the cluster bootstrap covers 94 to 96 % averaged over 50, 100 and 200 examples, 2 and 5 samples, and three kinds of examples', () => {
  const random = seededRandom(2);
  const repeats = 200;
  const coverages = [50, 100, 200].flatMap((clusters) =>
    [2, 5].flatMap((samples) =>
      designs.map(({ kept, truth }) => {
        let covered = 0;
        for (let repeat = 0; repeat < repeats; repeat += 1) {
          const shares = Array.from({ length: clusters }, () => binomial(random, samples, kept(random)) / samples);
          const drawn = shares.map((part) => ({ part, whole: 1 }));
          if (covers(clusterBootstrap(drawn, { replicates: 400, seed: repeat }), truth)) covered += 1;
        }
        return covered / repeats;
      }),
    ),
  );
  assert.ok(mean(coverages) > 0.94 && mean(coverages) < 0.96, `${mean(coverages)} on average of ${coverages}`);
});

test('treating the samples of an example as independent would cover far less', () => {
  const random = seededRandom(12);
  const [repeats, clusters, samples] = [600, 60, 5];
  let covered = 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const drawn = Array.from({ length: clusters }, () => binomial(random, samples, random() < 0.5 ? 0.9 : 0.4));
    if (covers(wilson(mean(drawn) * clusters, clusters * samples), 0.65)) covered += 1;
  }
  assert.ok(covered / repeats < 0.9, `${covered / repeats}`);
});

test('the bootstrap of a difference and of a ratio over the same examples covers 93 to 97 %', () => {
  const random = seededRandom(7);
  const [repeats, examples, samples] = [500, 60, 4];
  let [difference, ratio] = [0, 0];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const pairs = Array.from({ length: examples }, () => {
      const own = random() * 0.6;
      const [first, second] = [own + 0.35, own + 0.15].map((p) => binomial(random, samples, p) / samples);
      return { first: first!, second: second! };
    });
    const options = { replicates: 400, seed: repeat };
    if (covers(shareDifference(pairs, options).interval, 0.2)) difference += 1;
    const shares = (items: readonly (typeof pairs)[number][]): number =>
      mean(items.map((one) => one.second)) / mean(items.map((one) => one.first));
    if (covers(bootstrapStatistic(pairs, shares, options), 0.45 / 0.65)) ratio += 1;
  }
  for (const covered of [difference, ratio])
    assert.ok(covered / repeats > 0.93 && covered / repeats < 0.97, `${covered / repeats}`);
});

test('Holm keeps any false alarm among ten tests at most 5 %, Benjamini and Hochberg the share of false ones among those picked', () => {
  const random = seededRandom(8);
  const repeats = 1000;
  let alarmed = 0;
  const falseShares: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    // Ten tests: six of nothing, four of a strong effect.
    const ps = Array.from({ length: 10 }, (_, index) =>
      discordantP(random, 100, index < 6 ? [0.1, 0.1] : [0.25, 0.03]),
    );
    if (holm(ps.slice(0, 6)).some((p) => p <= 0.05)) alarmed += 1;
    const picked = benjaminiHochberg(ps).flatMap((p, index) => (p <= 0.05 ? [index] : []));
    falseShares.push(picked.length === 0 ? 0 : picked.filter((index) => index < 6).length / picked.length);
  }
  assert.ok(alarmed / repeats <= 0.05, `${alarmed / repeats}`);
  assert.ok(mean(falseShares) <= 0.05, `${mean(falseShares)}`);
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
  assert.ok(Math.abs(excessFlip(arms(0.9, 0.4), { replicates: 1 })!.squared - 0.25) < 0.01);
  assert.ok(Math.abs(excessFlip(arms(0.7, 0.7), { replicates: 1 })!.squared) < 0.01);
});

test('the interval of excess flips covers (p - q)² in 93 to 97 %', () => {
  const random = seededRandom(9);
  const draws = (p: number): string[] => Array.from({ length: 4 }, () => (random() < p ? 'approve' : 'reject'));
  const repeats = 500;
  let covered = 0;
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const arms = Array.from({ length: 80 }, () => ({ a: draws(0.8), b: draws(0.5) }));
    if (covers(excessFlip(arms, { replicates: 400, seed: repeat })!.interval, 0.09)) covered += 1;
  }
  assert.ok(covered / repeats > 0.93 && covered / repeats < 0.97, `${covered / repeats}`);
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
