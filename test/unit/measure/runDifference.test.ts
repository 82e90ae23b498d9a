import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../engine/domain/condition';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { ExampleOutcomes } from '../../../engine/measure/exampleOutcomes';
import { mcnemar } from '../../../engine/measure/mcnemar';
import { pairedDifference } from '../../../engine/measure/pairedDifference';
import { runDifferences } from '../../../engine/measure/runDifference';

const conditionNamed = (alias: string): Condition => ({
  id: conditionId(alias),
  alias,
  promptEdit: { id: 'none', params: {} },
  traceEdit: { id: alias, keep: { unit: 'fraction', value: 1 }, close: 'closed' },
  readout: 'forced',
});

const [frozen, free, half] = ['frozen', 'free', 'half'].map(conditionNamed) as [Condition, Condition, Condition];

const quiet = { redraws: [], wentOn: [], caveats: [], outside: null, finishLength: 0, minMargin: null };

/** Examples from `from` on that recorded "a", with the samples that each gave under every condition. */
function examplesOf(
  samples: readonly (readonly (string | null)[])[],
  of: readonly Condition[],
  from = 0,
): ExampleOutcomes[] {
  return samples.map((outcomes, index) => ({
    example: exampleId(`e${from + index}`),
    recorded: 'a',
    byCondition: new Map(of.map(({ id }) => [id, { ...quiet, outcomes }])),
  }));
}

const run = (conditions: readonly Condition[], examples: readonly ExampleOutcomes[], final = true) => ({
  conditions,
  examples,
  final,
});

const many = (count: number, outcomes: readonly (string | null)[]) => Array.from({ length: count }, () => outcomes);

test('on matched examples: exact McNemar and Newcombe’s interval, the direction being first less second', () => {
  const first = [...many(12, ['a']), ...many(7, ['a']), ...many(1, ['b']), ...many(1, [null])];
  const second = [...many(12, ['a']), ...many(7, ['b']), ...many(1, ['a']), ...many(1, ['a'])];
  const found = runDifferences(
    run([frozen, free], examplesOf(first, [frozen, free])),
    run([half, frozen], examplesOf(second, [half, frozen])),
  );
  assert.deepEqual([found.onlyFirst, found.onlySecond], [['free'], ['half']]);
  const [only] = found.conditions;
  assert.equal(found.conditions.length, 1);
  assert.deepEqual([only?.alias, only?.matched, only?.changed], ['frozen', 21, 9]);
  assert.deepEqual([only?.paired?.onlyControlKept, only?.paired?.onlyThisKept], [7, 1]);
  assert.equal(only?.paired?.p, mcnemar(7, 1));
  assert.deepEqual(only?.difference, pairedDifference({ both: 12, onlyFirst: 7, onlySecond: 1, neither: 0 }));
});

test('several samples: the mean of per-example differences with a cluster bootstrap and a permutation test', () => {
  const first = [...many(15, ['a', 'a', 'b', 'a']), ...many(15, ['a', 'a', 'a', 'a'])];
  const second = [...many(15, ['a', 'b', 'b', 'b']), ...many(15, ['a', 'a', 'a', 'a'])];
  const [only] = runDifferences(
    run([frozen], examplesOf(first, [frozen])),
    run([frozen], examplesOf(second, [frozen])),
  ).conditions;
  assert.equal(only?.difference.rate, 0.25);
  assert.equal(only?.difference.method, 'cluster bootstrap');
  const [low, high] = only?.difference.interval ?? [];
  assert.ok(low !== undefined && high !== undefined && low > 0.1 && low < 0.25 && high > 0.25 && high < 0.4);
  assert.equal(only?.paired?.method, 'paired permutation');
  assert.equal(only?.changed, 15);
});

test('no example in common: two groups, an interval and no test; a run that streams has no test either', () => {
  const [apart] = runDifferences(
    run([frozen], examplesOf(many(20, ['a']), [frozen])),
    run([frozen], examplesOf([...many(10, ['a']), ...many(10, ['b'])], [frozen], 100)),
  ).conditions;
  assert.deepEqual([apart?.matched, apart?.changed, apart?.paired], [0, 0, null]);
  assert.equal(apart?.difference.rate, 0.5);
  assert.equal(apart?.difference.method, 'Newcombe of two groups');
  assert.ok(apart?.difference.interval && apart.difference.interval[0] > 0.2);
  const examples = examplesOf(many(20, ['a']), [frozen]);
  assert.equal(runDifferences(run([frozen], examples), run([frozen], examples, false)).conditions[0]?.paired, null);
});

test('empty and unreadable runs give no rate, never NaN', () => {
  const empty = runDifferences(run([frozen], []), run([frozen], []));
  assert.deepEqual(empty.conditions[0]?.difference.rate, null);
  const mute = examplesOf(many(3, [null]), [frozen]);
  const unread = runDifferences(run([frozen], mute), run([frozen], mute));
  assert.deepEqual([unread.conditions[0]?.matched, unread.conditions[0]?.difference.rate], [3, null]);
  assert.deepEqual(runDifferences(run([], []), run([free], [])), {
    conditions: [],
    onlyFirst: [],
    onlySecond: ['free'],
  });
  const text = JSON.stringify([empty, unread], (_key, value) => (Number.isNaN(value) ? 'NaN' : value));
  assert.ok(!text.includes('NaN'));
});
