import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Close, Condition } from '../../../engine/domain/condition';
import type { DoseCurve } from '../../../engine/domain/effect';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import { decidedThreshold, summarizeCurves } from '../../../engine/measure/curve';
import type { ExampleOutcomes } from '../../../engine/measure/exampleOutcomes';
import { pairedDifference } from '../../../engine/measure/pairedDifference';
import { seededRandom } from '../../../engine/measure/seededRandom';

const swap = { id: 'swap', params: { attribute: 'nationality', a: 'American', b: 'Canadian' } };
const none = { id: 'none', params: {} };

function cut(keep: number, close: Close, swapped: boolean): Condition {
  const alias = `keep=${keep}:${close}${swapped ? '+swap' : ''}`;
  const traceEdit = { id: 'keep', keep: { unit: 'fraction', value: keep }, close } as const;
  const readout = close === 'closed' ? 'forced' : 'continued';
  return { id: conditionId(alias), alias, promptEdit: swapped ? swap : none, traceEdit, readout };
}

const quiet = { redraws: [], wentOn: [], caveats: [], outside: null, finishLength: 0, minMargin: null };

type Plan = readonly (readonly [condition: Condition, outcomes: readonly (readonly (string | null)[])[]])[];

/** By condition, the samples of each example; all recorded "yes". */
function examplesOf(plan: Plan): readonly ExampleOutcomes[] {
  const count = Math.max(...plan.map(([, outcomes]) => outcomes.length));
  return Array.from({ length: count }, (_, index) => ({
    example: exampleId(`e${index}`),
    recorded: 'yes',
    byCondition: new Map(
      plan.flatMap(([{ id }, outcomes]) => (outcomes[index] ? [[id, { ...quiet, outcomes: outcomes[index] }]] : [])),
    ),
  }));
}

/** The first `kept` of `n` examples keep their answer. */
const first = (kept: number, n: number) => Array.from({ length: n }, (_, index) => [index < kept ? 'yes' : 'no']);

const curvesOf = (plan: Plan, replicates = 400): readonly DoseCurve[] =>
  summarizeCurves(
    plan.map(([condition]) => condition),
    examplesOf(plan),
    { seed: 3, replicates },
  );

function only(curves: readonly DoseCurve[]): DoseCurve {
  assert.equal(curves.length, 1);
  return curves[0]!;
}

test('a curve needs three fractions that are alike in all else', () => {
  const two: Plan = [
    [cut(0, 'open', false), first(5, 10)],
    [cut(1, 'open', false), first(9, 10)],
    [cut(0.5, 'closed', false), first(9, 10)],
    [cut(0.5, 'open', true), first(9, 10)],
  ];
  assert.deepEqual(curvesOf(two), []);
  const curve = only(curvesOf([...two, [cut(0.25, 'open', false), first(6, 10)]]));
  assert.deepEqual(
    curve.points.map(({ keep, rate }) => [keep, rate.rate]),
    [
      [0, 0.5],
      [0.25, 0.6],
      [1, 0.9],
    ],
  );
  assert.deepEqual(curve.gaps, []);
});

test('steps and offsets are no fractions, so they make no curve', () => {
  const steps = [1, 2, 3].map((value): Condition => {
    const one = cut(value, 'open', false);
    return { ...one, traceEdit: { ...one.traceEdit, keep: { unit: 'steps', value } } };
  });
  assert.deepEqual(curvesOf(steps.map((condition) => [condition, first(3, 9)])), []);
});

test('the area over the curve is that of the trapezoids, whatever the distances between the cuts', () => {
  const plan: Plan = [
    [cut(0, 'closed', false), first(0, 20)],
    [cut(0.5, 'closed', false), first(10, 20)],
    [cut(0.75, 'closed', false), first(20, 20)],
    [cut(1, 'closed', false), first(20, 20)],
  ];
  const { area } = only(curvesOf(plan, 2000));
  // (1 + 0.5) / 2 * 0.5 + (0.5 + 0) / 2 * 0.25 + 0
  assert.ok(Math.abs((area.rate ?? 0) - 0.4375) < 1e-12, `${area.rate}`);
  const [low, high] = area.interval!;
  assert.ok(low < 0.4375 && high > 0.4375 && high - low < 0.3);
});

test('the decided cut is the first from which on the kept rate never falls below the threshold again', () => {
  const at = (rates: readonly number[]): number | null => {
    const plan: Plan = rates.map((rate, index) => [cut(index / 4, 'open', false), first(rate * 10, 10)]);
    const { decided } = only(curvesOf(plan, 50));
    assert.equal(decided.threshold, decidedThreshold);
    return decided.keep;
  };
  assert.equal(at([0.1, 0.9, 0.5, 0.8, 1]), 0.75);
  assert.equal(at([0.8, 0.9, 0.9, 0.8, 1]), 0);
  assert.equal(at([1, 1, 1, 1, 0.7]), null);
});

test('the gap at a cut is paired, and counts the examples that are readable on both sides', () => {
  const unswapped = [...first(8, 9), [null]];
  const swapped = [[null], ...first(4, 9)];
  const plan: Plan = [0, 0.5, 1].flatMap(
    (keep): Plan => [
      [cut(keep, 'closed', false), unswapped],
      [cut(keep, 'closed', true), swapped],
    ],
  );
  const [plain, edited] = curvesOf(plan);
  assert.deepEqual(plain?.promptEdit, none);
  assert.deepEqual(edited?.promptEdit, swap);
  assert.equal(edited?.gaps.length, 3);
  for (const { gap } of edited?.gaps ?? []) {
    // Examples 1 to 8: kept in 7 of 8 with the prompt left alone, in 4 of 8 (1 to 4) with it edited.
    assert.equal(gap.n, 8);
    assert.equal(gap.rate, 3 / 8);
    assert.deepEqual(gap.interval, pairedDifference({ both: 4, onlyFirst: 3, onlySecond: 0, neither: 1 }).interval);
  }
});

test('several draws, of which one side reads only some examples: the interval is of the examples that the rate is of', () => {
  // 30 examples are kept on both sides; the control alone reads 70 more, in which it never keeps.
  const twice = (answer: string | null, times: number) => Array.from({ length: times }, () => [answer, answer]);
  const half = Array.from({ length: 15 }, () => ['yes', 'no']);
  const plan: Plan = [0, 0.5, 1].flatMap(
    (keep): Plan => [
      [cut(keep, 'open', false), [...twice('yes', 30), ...twice('no', 70)]],
      [cut(keep, 'open', true), [...twice('yes', 15), ...half, ...twice(null, 70)]],
    ],
  );
  const [, edited] = curvesOf(plan);
  for (const { gap } of edited?.gaps ?? []) {
    assert.equal(gap.n, 30);
    assert.equal(gap.rate, 0.25);
    // Over all that each side reads it would be 0.30 - 0.75.
    assert.ok(gap.interval![0] > 0 && gap.interval![0] < 0.25 && gap.interval![1] > 0.25, `${gap.interval}`);
  }
  assert.equal(edited?.gaps.length, 3);
});

test('the band holds the pointwise interval, and is wider where there are several independent cuts', () => {
  const random = seededRandom(9);
  const plan: Plan = Array.from({ length: 11 }, (_, index) => [
    cut(index / 10, 'open', false),
    Array.from({ length: 100 }, () => [random() < 0.5 ? 'yes' : 'no']),
  ]);
  const { points } = only(curvesOf(plan, 1000));
  for (const { rate, band } of points) {
    const width = (interval: readonly [number, number]): number => interval[1] - interval[0];
    assert.ok(band![0] < rate.interval![0] && band![1] > rate.interval![1]);
    // 11 independent cuts at 5 %: z = 2.84 against 1.96.
    const ratio = width(band!) / width(rate.interval!);
    assert.ok(ratio > 1.3 && ratio < 1.6, `${ratio}`);
  }
});

test('cuts that always agree need no wider band than one', () => {
  const plan: Plan = [0, 0.5, 1].map((keep) => [cut(keep, 'open', false), first(30, 60)]);
  for (const { rate, band } of only(curvesOf(plan, 2000)).points) {
    for (const side of [0, 1] as const) assert.ok(Math.abs(band![side] - rate.interval![side]) < 0.03);
  }
});

test('the band covers the whole true curve as often as it says, and the gap’s interval the true gap', () => {
  const [runs, n] = [300, 80];
  const keeps = [0, 0.25, 0.5, 0.75, 1];
  const random = seededRandom(4);
  // Each example decides at a cut of its own; every fifth is moved by the prompt until the last quarter.
  const truth = (keep: number, swapped: boolean): number => 0.3 + 0.65 * keep - (swapped && keep < 0.75 ? 0.2 : 0);
  let [bands, gaps] = [0, 0];
  for (let index = 0; index < runs; index += 1) {
    const draws = Array.from({ length: n }, () => [random(), random() < 0.15 ? random() : null] as const);
    const plan = keeps.flatMap((keep) =>
      [false, true].map((swapped): Plan[number] => [
        cut(keep, 'open', swapped),
        // A sixth of the examples is drawn anew in the swapped arm, so that pairs are correlated but not nested.
        draws.map(([own, other]) => [(swapped && other !== null ? other : own) < truth(keep, swapped) ? 'yes' : 'no']),
      ]),
    );
    const [plain, edited] = curvesOf(plan, 200);
    if (plain?.points.every(({ keep, band }) => band![0] <= truth(keep, false) && band![1] >= truth(keep, false)))
      bands += 1;
    const { interval } = edited!.gaps[1]!.gap;
    if (interval![0] <= 0.2 && interval![1] >= 0.2) gaps += 1;
  }
  // 95 % less three standard errors of 300 runs; the pointwise intervals cover all five cuts in 79 % here.
  assert.ok(bands / runs > 0.912, `band ${bands / runs}`);
  assert.ok(gaps / runs > 0.912, `gap ${gaps / runs}`);
});

test('several samples, nothing readable, one example and none give numbers or nulls, never NaN', () => {
  const keeps = [0, 0.5, 1];
  const plans: Plan[] = [
    keeps.map((keep) => [
      cut(keep, 'open', false),
      Array.from({ length: 12 }, (_, i) => ['yes', i % 3 ? 'no' : 'yes']),
    ]),
    keeps.map((keep) => [cut(keep, 'open', false), Array.from({ length: 12 }, () => [null])]),
    keeps.map((keep) => [cut(keep, 'open', false), keep === 1 ? [] : [['no']]]),
    keeps.map((keep) => [cut(keep, 'open', false), []]),
    keeps.flatMap(
      (keep): Plan => [
        [cut(keep, 'open', false), Array.from({ length: 12 }, () => ['yes', 'yes'])],
        [cut(keep, 'open', true), Array.from({ length: 12 }, () => ['yes', null])],
      ],
    ),
  ];
  for (const plan of plans) {
    const text = JSON.stringify(curvesOf(plan), (_key, value: unknown) => {
      assert.ok(typeof value !== 'number' || Number.isFinite(value), 'not a finite number');
      return value;
    });
    assert.ok(text.length > 2);
  }
  const certain = curvesOf(keeps.map((keep) => [cut(keep, 'open', false), first(12, 12)]));
  assert.equal(certain[0]?.area.rate, 0);
  assert.ok(certain[0]!.area.interval![1] > 0.1, 'no certainty about the area either');
  const [, edited] = curvesOf(plans[4]!);
  assert.deepEqual(
    edited?.gaps.map(({ gap }) => gap.rate),
    [0, 0, 0],
  );
  assert.ok(
    edited?.gaps.every(({ gap }) => gap.interval![0] < 0 && gap.interval![1] > 0),
    'no certainty from 12 examples',
  );
});

test('Newcombe’s paired interval: his own example, 43 pairs', () => {
  // Newcombe 1998, table II: 36, 12, 2, 0 gives 0.2 with 0.0569 to 0.3404 (method 10).
  const { rate, interval } = pairedDifference({ both: 36, onlyFirst: 12, onlySecond: 2, neither: 0 });
  assert.equal(rate, 0.2);
  assert.ok(Math.abs(interval![0] - 0.0569) < 5e-5 && Math.abs(interval![1] - 0.3404) < 5e-5, `${interval}`);
});
