import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Close, Condition, Keep, ReadoutKind } from '../../../engine/domain/condition';
import type { ConditionEffect } from '../../../engine/domain/effect';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { CaveatId } from '../../../engine/domain/run';
import { caveat, caveatMessage } from '../../../engine/measure/caveats';
import {
  type ConditionOutcomes,
  type EffectsOptions,
  type ExampleOutcomes,
  summarizeEffects,
} from '../../../engine/measure/effects';
import { mcnemar } from '../../../engine/measure/mcnemar';
import { wilson } from '../../../engine/measure/wilson';

const all: Keep = { unit: 'fraction', value: 1 };

function condition(alias: string, close: Close, keep: Keep = all): Condition {
  const readout: ReadoutKind = close === 'closed' ? 'forced' : 'continued';
  const params = { attribute: 'nationality', a: 'American', b: 'Canadian' };
  const promptEdit = alias.includes('+swap') ? { id: 'swap', params } : { id: 'none', params: {} };
  return { id: conditionId(alias), alias, promptEdit, traceEdit: { id: alias.split('+')[0]!, keep, close }, readout };
}

const frozen = condition('frozen', 'closed');
const frozenSwapped = condition('frozen+swap', 'closed');
const open = condition('tag-stripped', 'open');
const openSwapped = condition('tag-stripped+swap', 'open');

const quiet = { redraws: [], wentOn: [], caveats: [], outside: null, finishLength: 0, minMargin: null };

const did = (outcomes: ConditionOutcomes['outcomes'], more: Partial<ConditionOutcomes> = {}): ConditionOutcomes => ({
  ...quiet,
  outcomes,
  ...more,
});

/** One example that recorded "approve", with what it did under each condition. */
function example(index: number, entries: readonly (readonly [Condition, ConditionOutcomes])[]): ExampleOutcomes {
  const byCondition = new Map(entries.map(([{ id }, outcomes]) => [id, outcomes]));
  return { example: exampleId(`e${index}`), recorded: 'approve', byCondition };
}

/** Examples of one condition, one draw each. */
const drawn = (of: Condition, outcomes: readonly (string | null)[]): ExampleOutcomes[] =>
  outcomes.map((outcome, index) => example(index, [[of, did([outcome])]]));

const final: EffectsOptions = { final: true };

function only(effects: readonly ConditionEffect[]): ConditionEffect {
  assert.equal(effects.length, 1);
  return effects[0]!;
}

const ids = (effect: ConditionEffect): readonly CaveatId[] => effect.caveats.map(({ id }) => id);

test('kept, flipped and unreadable add up to n; the rate leaves the unreadable out and the bounds take them in', () => {
  const outcomes = [...Array(6).fill('approve'), ...Array(3).fill('reject'), null];
  const effect = only(summarizeEffects([frozen], drawn(frozen, outcomes), final).effects);
  assert.deepEqual([effect.n, effect.kept, effect.flipped, effect.unreadable], [10, 6, 3, 1]);
  assert.deepEqual(effect.keptRate, { n: 9, rate: 6 / 9, interval: wilson(6, 9), method: 'Wilson' });
  assert.deepEqual(effect.bounds, [0.6, 0.7]);
  assert.equal(effect.control, null);
  assert.equal(effect.paired, null);
});

test('no examples and nothing readable give null rates and a reason, never NaN', () => {
  const empty = summarizeEffects([frozen, frozenSwapped, open], [], final);
  for (const effect of empty.effects) {
    assert.deepEqual([effect.n, effect.keptRate.rate, effect.keptRate.interval, effect.bounds], [0, null, null, null]);
    assert.deepEqual([effect.noise, effect.wentOn, effect.excess], [null, null, null]);
    assert.ok(ids(effect).includes('noExamples'));
  }
  assert.deepEqual(empty.replication, { n: 0, rate: null, interval: null, method: 'Wilson', kept: 0 });
  const mute = only(summarizeEffects([frozen], drawn(frozen, [null, null]), final).effects);
  assert.deepEqual([mute.n, mute.unreadable, mute.keptRate.rate], [2, 2, null]);
  assert.deepEqual(mute.bounds, [0, 1]);
  const text = JSON.stringify([empty, mute], (_key, value) => (Number.isNaN(value) ? 'NaN' : value));
  assert.ok(!text.includes('NaN'));
});

test('the control is the same trace edit unswapped, compared by exact McNemar and only when nothing more will come', () => {
  const examples = [
    ...Array.from({ length: 12 }, () => ['approve', 'approve'] as const),
    ...Array.from({ length: 7 }, () => ['approve', 'reject'] as const),
    ...Array.from({ length: 1 }, () => ['reject', 'approve'] as const),
    [null, 'reject'] as const,
  ].map(([control, swapped], index) =>
    example(index, [
      [frozen, did([control])],
      [frozenSwapped, did([swapped])],
    ]),
  );
  const conditions = [frozenSwapped, open, frozen];
  const [swapped] = summarizeEffects(conditions, examples, final).effects;
  const p = mcnemar(7, 1);
  assert.equal(swapped?.control?.rate, 19 / 20);
  assert.deepEqual(swapped?.paired, {
    pairs: 20,
    onlyControlKept: 7,
    onlyThisKept: 1,
    p,
    method: 'exact McNemar',
    adjustedP: p,
    falseDiscoveryP: p,
    tests: 1,
  });
  const [streaming] = summarizeEffects(conditions, examples, { final: false }).effects;
  assert.equal(streaming?.paired, null);
  assert.equal(streaming?.control?.rate, 19 / 20);
});

test('tests are adjusted by Holm over those that there are', () => {
  const examples = Array.from({ length: 20 }, (_, index) =>
    example(index, [
      [frozen, did(['approve'])],
      [frozenSwapped, did([index < 8 ? 'reject' : 'approve'])],
      [open, did(['approve'])],
      [openSwapped, did([index < 6 ? 'reject' : 'approve'])],
    ]),
  );
  const { effects } = summarizeEffects([frozen, frozenSwapped, open, openSwapped], examples, final);
  assert.equal(effects[1]?.paired?.adjustedP, 2 * mcnemar(8, 0));
  assert.equal(effects[3]?.paired?.adjustedP, mcnemar(6, 0));
  assert.equal(effects[3]?.paired?.tests, 2);
});

test('a condition without an example in common with its control is no test, and no others are adjusted for it', () => {
  const examples = Array.from({ length: 20 }, (_, index) =>
    example(index, [
      [frozen, did(['approve'])],
      [frozenSwapped, did([index < 8 ? 'reject' : 'approve'])],
      [open, did(['approve'])],
      [openSwapped, did([null])],
    ]),
  );
  const { effects } = summarizeEffects([frozen, frozenSwapped, open, openSwapped], examples, final);
  assert.equal(effects[3]?.paired, null);
  assert.equal(effects[1]?.paired?.adjustedP, mcnemar(8, 0));
  assert.equal(effects[1]?.paired?.tests, 1);
});

test('a condition that no test can separate says so, with the number of discordant examples', () => {
  const examples = Array.from({ length: 30 }, (_, index) =>
    example(index, [
      [frozen, did(['approve'])],
      [frozenSwapped, did([index < 5 ? 'reject' : 'approve'])],
    ]),
  );
  const [, swapped] = summarizeEffects([frozen, frozenSwapped], examples, final).effects;
  assert.deepEqual(ids(swapped!), ['fewDiscordant']);
  assert.equal(swapped?.caveats[0]?.count, 5);
});

test('several samples: an example counts by its shares, and whole examples are resampled', () => {
  const examples = Array.from({ length: 40 }, (_, index) =>
    example(index, [[open, did(index % 2 === 0 ? ['approve', 'approve', 'approve'] : ['approve', 'reject', null])]]),
  );
  const effect = only(summarizeEffects([open], examples, final).effects);
  assert.deepEqual(
    [effect.n, effect.kept, effect.flipped, effect.unreadable],
    [40, 26.666666667, 6.666666667, 6.666666667],
  );
  assert.ok(Math.abs(effect.keptRate.rate! - 0.8) < 1e-9);
  assert.equal(effect.keptRate.method, 'cluster bootstrap');
  const [low, high] = effect.keptRate.interval!;
  assert.ok(low > 0.7 && low < 0.8 && high > 0.8 && high < 0.9, `${low} to ${high}`);
  assert.deepEqual(summarizeEffects([open], examples, final), summarizeEffects([open], examples, final));
});

test('several samples that are all alike, or very few examples, do not claim certainty', () => {
  const alike = Array.from({ length: 40 }, (_, index) => example(index, [[open, did(['approve', 'approve'])]]));
  const effect = only(summarizeEffects([open], alike, final).effects);
  assert.deepEqual(effect.keptRate, { n: 40, rate: 1, interval: wilson(40, 40), method: 'Wilson over examples' });
  const few = only(summarizeEffects([open], [example(0, [[open, did(['approve', 'reject'])]])], final).effects);
  assert.deepEqual(few.keptRate, { n: 1, rate: 0.5, interval: wilson(0.5, 1), method: 'Wilson over examples' });
});

test('several samples against the control: a permutation test of shares, and the unbiased distance beside the plain one', () => {
  const examples = Array.from({ length: 12 }, (_, index) =>
    example(index, [
      [open, did(['approve', 'approve', 'approve'])],
      [openSwapped, did(['reject', 'reject', index < 6 ? 'reject' : 'approve'])],
    ]),
  );
  const [, swapped] = summarizeEffects([open, openSwapped], examples, final).effects;
  assert.equal(swapped?.paired?.method, 'paired permutation');
  assert.equal(swapped?.paired?.p, 2 / 2 ** 12);
  assert.equal(swapped?.paired?.onlyControlKept, 12);
  // Half of the examples are 1 apart; in the others p - q = 2/3, of which 1/3 · 1/3 is sampling variance: (1 + 1/3) / 2.
  const excess = swapped!.excess!;
  assert.ok(Math.abs(excess.squared - (1 + 1 / 3) / 2) < 1e-12, `${excess.squared}`);
  assert.ok(Math.abs(excess.absolute - (1 + 2 / 3) / 2) < 1e-12, `${excess.absolute}`);
});

test('noise compares a draw with its redraw, and with several samples all pairs within the example', () => {
  const redrawn = [
    example(0, [[open, did(['approve'], { redraws: ['approve'] })]]),
    example(1, [[open, did(['approve'], { redraws: ['reject'] })]]),
    example(2, [[open, did(['approve'], { redraws: [null] })]]),
    example(3, [[open, did(['approve'])]]),
  ];
  const effect = only(summarizeEffects([open], redrawn, final).effects);
  assert.deepEqual(effect.noise, { n: 2, rate: 0.5, interval: wilson(1, 2), method: 'Wilson' });
  const sampled = [
    example(0, [[open, did(['approve', 'approve', 'reject'])]]),
    example(1, [[open, did(['approve', 'approve', 'approve'])]]),
  ];
  assert.ok(Math.abs(only(summarizeEffects([open], sampled, final).effects).noise!.rate! - 1 / 3) < 1e-12);
});

test('going on is told for open edits alone', () => {
  const examples = [
    example(0, [
      [open, did(['approve'], { wentOn: [true] })],
      [frozen, did(['approve'], { wentOn: [false] })],
    ]),
    example(1, [
      [open, did(['approve'], { wentOn: [false] })],
      [frozen, did(['approve'], { wentOn: [false] })],
    ]),
  ];
  const [opened, closed] = summarizeEffects([open, frozen], examples, final).effects;
  assert.deepEqual(opened?.wentOn, { n: 2, rate: 0.5, interval: wilson(1, 2), method: 'Wilson' });
  assert.equal(closed?.wentOn, null);
});

test('replication is the unswapped frozen trace against the record, whatever else was run', () => {
  const examples = [0, 1, 2].map((index) =>
    example(index, [
      [frozen, did([index === 0 ? 'reject' : 'approve'])],
      [frozenSwapped, did(['reject'])],
    ]),
  );
  const { replication } = summarizeEffects([frozenSwapped, frozen], examples, final);
  assert.deepEqual(replication, { n: 3, rate: 2 / 3, interval: wilson(2, 3), method: 'Wilson', kept: 2 });
  assert.equal(
    summarizeEffects([condition('half', 'closed', { unit: 'fraction', value: 0.5 })], examples, final).replication.n,
    0,
  );
});

test('caveats are counted once per example, those seen before the run and those that the answers show', () => {
  const examples = [
    example(0, [[frozen, did(['approve'], { caveats: ['conclusionLeak'], outside: 0.4, minMargin: 1e-4 })]]),
    example(1, [[frozen, did(['approve'], { caveats: ['conclusionLeak'], outside: 0.01, minMargin: 2 })]]),
    example(2, [[frozen, did([null], { finishLength: 1 })]]),
  ];
  const effect = only(summarizeEffects([frozen], examples, final).effects);
  assert.deepEqual(
    effect.caveats.map(({ id, count }) => [id, count]),
    [
      ['conclusionLeak', 2],
      ['outsideOptions', 1],
      ['nearTie', 1],
      ['truncatedGeneration', 1],
    ],
  );
  assert.match(effect.caveats[0]!.message, /^In 2 of 3 examples the kept reasoning already states the answer/);
});

test('every caveat is a sentence or two with a way on', () => {
  const known: readonly CaveatId[] = [
    'swapTouchesNothing',
    'outsideOptions',
    'truncatedGeneration',
    'nearTie',
    'conclusionLeak',
    'attributeInTrace',
    'crossModel',
    'fewDiscordant',
    'producerUnknown',
    'recordedSampled',
    'noExamples',
  ];
  const messages = known.map((id) => caveat(id, 1, 1).message);
  for (const message of messages) assert.match(message, /^[A-Z1].{40,}\.$/);
  assert.equal(new Set(messages).size, known.length);
});

test('a caveat’s message fits one example, some and all, and several conditions at once', () => {
  const start = (message: string) => message.split(' the kept')[0];
  assert.equal(start(caveat('conclusionLeak', 1, 1).message), 'In the only example');
  assert.equal(start(caveat('conclusionLeak', 3, 30).message), 'In 3 of 30 examples');
  assert.equal(start(caveat('conclusionLeak', 30, 30).message), 'In all 30 examples');
  const range = caveatMessage('conclusionLeak', [
    { count: 5, total: 28 },
    { count: 2, total: 30 },
  ]);
  assert.equal(start(range), 'In 2–5 of 28–30 examples');
  assert.match(caveat('fewDiscordant', 1, 30).message, /^Only 1 example changed/);
});
