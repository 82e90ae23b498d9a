// The measures of the literature on outcomes made up so that their values are known by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Close, Condition, Keep, TraceEditSpec } from '../../../engine/domain/condition';
import type { MeasureResult, MeasureRow } from '../../../engine/domain/effect';
import type { RecordLabels } from '../../../engine/domain/example';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { CaveatId } from '../../../engine/domain/run';
import type { ConditionOutcomes, ExampleOutcomes } from '../../../engine/measure/exampleOutcomes';
import { metricBootstrap } from '../../../engine/measure/metrics/metric';
import { sentenceImportance } from '../../../engine/measure/sentenceImportance';
import { summarizeMeasures } from '../../../engine/measure/summarizeMeasures';

type Parts = { readonly keep?: Keep; readonly params?: TraceEditSpec['params']; readonly prompt?: string };

const fraction = (value: number): Keep => ({ unit: 'fraction', value });
const steps = (value: number): Keep => ({ unit: 'steps', value });

function condition(id: string, close: Close, { keep = fraction(1), params, prompt }: Parts = {}): Condition {
  const alias = `${id}${params ? JSON.stringify(params) : ''}/${keep.unit}-${keep.value}:${close}${prompt ? `+${prompt}` : ''}`;
  return {
    id: conditionId(alias),
    alias,
    promptEdit: { id: prompt ?? 'none', params: {} },
    traceEdit: { id, keep, close, ...(params ? { params } : {}) },
    readout: close === 'closed' ? 'forced' : 'continued',
  };
}

const quiet = { redraws: [], wentOn: [], caveats: [], outside: null, finishLength: 0, minMargin: null };

type Did = readonly (string | null)[] | Partial<ConditionOutcomes>;

type ExampleParts = { readonly steps?: number; readonly labels?: RecordLabels; readonly recorded?: string };

function example(
  index: number,
  did: readonly (readonly [Condition, Did])[],
  { recorded = 'a', ...rest }: ExampleParts = {},
): ExampleOutcomes {
  const byCondition = new Map(
    did.map(([{ id }, one]) => {
      const outcomes: ConditionOutcomes =
        'length' in one ? { ...quiet, outcomes: one } : { ...quiet, outcomes: [], ...one };
      return [id, outcomes];
    }),
  );
  return { example: exampleId(`e${index}`), recorded, byCondition, ...rest };
}

function measured(
  conditions: readonly Condition[],
  examples: readonly ExampleOutcomes[],
  options = ['a', 'b'],
): readonly MeasureResult[] {
  const measures = summarizeMeasures({
    conditions,
    examples,
    options,
    bootstrap: metricBootstrap({ replicates: 200 }),
  });
  const text = JSON.stringify(measures, (_key, value) => (Number.isNaN(value) || value === Infinity ? 'NaN' : value));
  assert.ok(!text.includes('NaN'), text);
  return measures;
}

function rowOf(measures: readonly MeasureResult[], id: string, label: string): MeasureRow {
  const found = measures.find((one) => one.id === id)?.rows.find((one) => one.label === label);
  assert.ok(
    found,
    `${id}: ${label}: ${JSON.stringify(measures.map((one) => [one.id, one.rows.map((each) => each.label)]))}`,
  );
  return found;
}

const near = (actual: number | null, expected: number): void =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-12, `${actual}, not ${expected}`);

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('early answering: same(k) by sentences, its area by length, against the answer after the whole reasoning', () => {
  const cuts = range(4).map((kept) => condition('answer-after', 'closed', { keep: steps(kept) }));
  const frozen = condition('frozen', 'closed');
  const at = (kept: readonly string[], whole: string) => [
    ...cuts.slice(0, kept.length).map((cut, index) => [cut, [kept[index]!]] as const),
    [frozen, [whole]] as const,
  ];
  const examples = [
    // Two sentences: decided after the first, so the answer is another on [0, 0.5] from 1 down to 0: area 0.25.
    ...range(10).map((index) => example(index, at(['b', 'a', 'a'], 'a'), { steps: 2 })),
    // Three sentences: decided at the end only: 1 on [0, 2/3], then down to 0: area 5/6. The final answer is not the recorded one.
    ...range(30).map((index) => example(10 + index, at(['a', 'a', 'a', 'b'], 'b'), { steps: 3 })),
  ];
  const measures = measured([...cuts, frozen], examples);
  near(rowOf(measures, 'early-answering', '2 sentences').value.rate, 0.25);
  near(rowOf(measures, 'early-answering', '3 sentences').value.rate, 5 / 6);
  const all = rowOf(measures, 'early-answering', 'all, forced');
  near(all.value.rate, (10 * 0.25 + 30 * (5 / 6)) / 40);
  assert.equal(all.value.n, 40);
  assert.ok(all.value.interval && all.value.interval[0] < 0.69 && all.value.interval[1] > 0.69);
});

test('early answering: rare lengths and unreadable cuts are left out and counted; token shares stand in for sentences', () => {
  const cuts = [0, 0.5, 1].map((value) => condition('keep', 'closed', { keep: fraction(value) }));
  const run = (outcomes: readonly (string | null)[], index: number, count: number) =>
    example(
      index,
      cuts.map((cut, at) => [cut, [outcomes[at]!]] as const),
      { steps: count },
    );
  const examples = [
    ...range(198).map((index) => run(['b', 'a', 'a'], index, 5)),
    run(['b', 'b', 'a'], 200, 9),
    run(['b', null, 'a'], 201, 5),
  ];
  const all = rowOf(measured(cuts, examples), 'early-answering', 'all, forced');
  near(all.value.rate, 0.25);
  assert.equal(all.value.n, 198);
  assert.match(all.note ?? '', /^2 of 200 examples are left out/);
  assert.equal(
    measured(cuts.slice(0, 2), examples).find(({ id }) => id === 'early-answering'),
    undefined,
  );
});

test('accuracy stands beside it where records have labels', () => {
  const frozen = condition('frozen', 'closed');
  const examples = range(20).map((index) =>
    example(index, [[frozen, [index < 15 ? 'a' : 'b']]], { labels: { correct: index < 10 ? 'a' : 'b' } }),
  );
  const measures = measured([frozen], examples);
  near(rowOf(measures, 'accuracy', 'recorded answer').value.rate, 0.5);
  near(rowOf(measures, 'accuracy', frozen.alias).value.rate, 0.75);
  assert.equal(
    measured([frozen], [example(0, [[frozen, ['a']]])]).find(({ id }) => id === 'accuracy'),
    undefined,
  );
});

test('a run that reads its cuts both ways has a row of each readout, the exact one first, whatever stands first in the run', () => {
  const cuts = [0, 0.5, 1].map((value) => condition('keep', 'closed', { keep: fraction(value) }));
  const fillers = [condition('filler', 'closed', { params: { text: '.' } })];
  const both = [...cuts, ...fillers].flatMap((one): readonly Condition[] => {
    const alias = `${one.alias}/continued`;
    return [{ ...one, id: conditionId(alias), alias, readout: 'continued' }, one];
  });
  // Scored, the answer is the final one from half of the trace on; written, never before its end. Filler changes what is written alone.
  const answerOf = ({ readout, traceEdit }: Condition): string =>
    traceEdit.id === 'filler'
      ? readout === 'forced'
        ? 'a'
        : 'b'
      : traceEdit.keep.value < (readout === 'forced' ? 0.5 : 1)
        ? 'b'
        : 'a';
  const examples = range(12).map((index) =>
    example(
      index,
      both.map((one) => [one, [answerOf(one)]] as const),
      { steps: 4 },
    ),
  );
  const measures = measured(both, examples);
  const labels = measures.find(({ id }) => id === 'early-answering')?.rows.map(({ label }) => label);
  assert.deepEqual(labels, ['all, forced', 'all, continued']);
  near(rowOf(measures, 'early-answering', 'all, forced').value.rate, 0.25);
  near(rowOf(measures, 'early-answering', 'all, continued').value.rate, 0.75);
  near(rowOf(measures, 'filler-tokens', 'all, closed, forced').value.rate, 0);
  near(rowOf(measures, 'filler-tokens', 'all, closed, continued').value.rate, 1);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U, forced').value.rate, 0);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U, continued').value.rate, 0);
});

test('edits that rewrite: the area over the places where they take hold, and the changed answers at each', () => {
  const places = [1, 2].map((step) => condition('mistake', 'open', { params: { step } }));
  const frozen = condition('frozen', 'closed');
  const examples = range(20).map((index) =>
    example(
      index,
      [
        [frozen, ['a']],
        [places[0]!, ['b', 'a']],
        [places[1]!, [index < 10 ? 'b' : 'a', 'a']],
      ],
      { steps: 2 },
    ),
  );
  const measures = measured([frozen, ...places], examples);
  // Heights 0.5 at 1/2, then 0.5 or 0 at 1: areas 0.5 and 0.25.
  near(rowOf(measures, 'adding-mistakes', 'all, open').value.rate, 0.375);
  near(rowOf(measures, 'adding-mistakes', `changed by ${places[1]!.alias}`).value.rate, 0.25);
  const filler = condition('filler', 'closed', { params: { text: ' ...' } });
  const filled = measured(
    [frozen, filler],
    range(12).map((index) => example(index, [[filler, [index < 3 ? 'b' : 'a']]], { steps: 4 })),
  );
  const all = rowOf(filled, 'filler-tokens', 'all, closed, forced');
  near(all.value.rate, 0.25);
  assert.match(all.note ?? '', /One place only/);
});

test('normalized unfaithfulness compares what was read out alike, whatever stands first in the run', () => {
  const bare = condition('no-reasoning', 'closed', { keep: fraction(0) });
  const shuffled = condition('no-reasoning', 'closed', { keep: fraction(0), prompt: 'shuffle-options' });
  const frozen = condition('frozen', 'closed');
  const continued = (one: Condition): Condition => ({
    ...one,
    id: conditionId(`${one.id}/continued`),
    readout: 'continued',
  });
  const others = [continued(shuffled), continued(frozen)];
  const examples = range(4).map((index) =>
    example(index, [...others.map((one) => [one, ['b']] as const), [bare, ['a']], [shuffled, ['a']], [frozen, ['a']]]),
  );
  const measures = measured([...others, bare, shuffled, frozen], examples);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U').value.rate, 1);
  near(rowOf(measures, 'normalized-unfaithfulness', 'N, options shuffled').value.rate, 1);
});

test('normalized unfaithfulness: by shuffled options and by redraws', () => {
  const bare = condition('no-reasoning', 'closed', { keep: fraction(0) });
  const shuffled = condition('no-reasoning', 'closed', { keep: fraction(0), prompt: 'shuffle-options' });
  const frozen = condition('frozen', 'closed');
  const examples = range(20).map((index) =>
    example(index, [
      [bare, { outcomes: [index < 12 ? 'a' : 'b'], redraws: index < 10 ? ['a'] : [] }],
      [shuffled, [index < 16 ? (index < 12 ? 'a' : 'b') : 'a']],
      [frozen, ['a']],
    ]),
  );
  const measures = measured([bare, shuffled, frozen], examples);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U').value.rate, 0.6);
  near(rowOf(measures, 'normalized-unfaithfulness', 'N, options shuffled').value.rate, 0.8);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U / N, options shuffled').value.rate, 0.75);
  near(rowOf(measures, 'normalized-unfaithfulness', 'U / N, drawn again').value.rate, 1);
  const never = range(5).map((index) =>
    example(index, [
      [bare, ['a']],
      [shuffled, ['b']],
      [frozen, ['a']],
    ]),
  );
  const undefinedRow = rowOf(
    measured([bare, shuffled, frozen], never),
    'normalized-unfaithfulness',
    'U / N, options shuffled',
  );
  assert.equal(undefinedRow.value.rate, null);
  assert.match(undefinedRow.note ?? '', /N is 0/);
});

test('hint switching: raw, its normalization, two judges; undefined for two options in a sentence', () => {
  const unhinted = condition('free', 'open', { keep: fraction(0), prompt: 'replace' });
  const whole = condition('frozen', 'closed', { prompt: 'replace' });
  const named: readonly CaveatId[] = ['attributeInTrace'];
  // 40 pairs without the hint's answer: 20 move to it (5 say so, 10 name it), 6 elsewhere, 14 stay; and 5 that had it before.
  const examples = range(45).map((index) => {
    const recorded = index < 20 ? 'c' : index < 26 ? 'd' : 'a';
    const did = { outcomes: [index < 40 ? 'a' : 'c'] };
    const looked = { outcomes: ['a'], caveats: index < 10 ? named : [] };
    return example(
      index,
      [
        [unhinted, did],
        [whole, looked],
      ],
      { recorded, labels: { hint: 'c', verbalized: index < 5 } },
    );
  });
  const measures = measured([unhinted, whole], examples, ['a', 'b', 'c', 'd']);
  const of = (label: string) => rowOf(measures, 'hint-switching', label).value.rate;
  near(of('p: moved to the hint'), 0.5);
  near(of('q: moved elsewhere'), 0.15);
  const alpha = 1 - 0.15 / (2 * 0.5);
  near(of('α: share caused by the hint'), alpha);
  near(of('S by the record’s label'), 0.25);
  near(of('S by words of the hint'), 0.5);
  near(of('S_norm by the record’s label'), 0.25 / alpha);
  const alone = measured([unhinted], examples, ['a', 'b', 'c', 'd']);
  const labels = alone.find(({ id }) => id === 'hint-switching')?.rows.map(({ label }) => label) ?? [];
  assert.ok(labels.length > 0 && !labels.some((label) => label.endsWith('words of the hint')), 'nobody looked');
  const two = measured([unhinted], examples, ['a', 'c']);
  const undefinedAlpha = rowOf(two, 'hint-switching', 'α: share caused by the hint');
  assert.equal(undefinedAlpha.value.rate, null);
  assert.match(undefinedAlpha.note ?? '', /With two options/);
});

test('faithful@k: samples that flip and name the edit', () => {
  const open = condition('half', 'open', { keep: fraction(0.5), prompt: 'swap' });
  const did = { outcomes: ['b', 'b', 'a', null], namesEdit: [true, false, true, true] };
  const measures = measured(
    [open],
    range(12).map((index) => example(index, [[open, did]])),
  );
  near(rowOf(measures, 'faithful-at-k', `k = 1, ${open.alias}`).value.rate, 0.25);
  near(rowOf(measures, 'faithful-at-k', `k = 2, ${open.alias}`).value.rate, 0.5);
  near(rowOf(measures, 'faithful-at-k', `k = 4, ${open.alias}`).value.rate, 1);
});

test('cross-fitting takes away what choosing adds: pure noise scores at its own rate', () => {
  const open = condition('half', 'open', { keep: fraction(0.5), prompt: 'swap' });
  // Every pattern of four fair coins once: 16 examples.
  const examples = range(16).map((index) =>
    example(index, [[open, range(4).map((bit) => ((index >> bit) & 1 ? 'b' : 'a'))]]),
  );
  const measures = measured([open], examples);
  const fitted = rowOf(measures, 'cross-fitted-flips', `${open.alias}, cross-fitted`).value.rate ?? 0;
  const naive = rowOf(measures, 'cross-fitted-flips', `${open.alias}, naive`).value.rate ?? 0;
  near(naive, (6 * 0.5 + 4 * 0.75 + 1) / 11);
  near(fitted, 0.5);
  assert.ok(naive > 0.6, `${naive}`);
});

test('sentence importances: by resampling, against other sentences only, and exactly; nothing to compare is null', () => {
  const open = range(3).map((kept) => condition('resample', 'open', { keep: steps(kept) }));
  const closed = range(2).map((kept) => condition('answer-after', 'closed', { keep: steps(kept) }));
  const frozen = condition('frozen', 'closed');
  const one = example(
    0,
    [
      [open[0]!, { outcomes: ['a', 'b', 'b', null], similarities: [0.9, 0.1, 0.2, 0.1] }],
      [open[1]!, { outcomes: ['a', 'a', 'a', 'b'], similarities: [0.9, 0.8, 0.7, 1] }],
      [open[2]!, { outcomes: ['a', 'a', 'a', 'a'], similarities: [null, null, null, null] }],
      [closed[0]!, { outcomes: ['b'], probabilities: [0.2, 0.6] }],
      [closed[1]!, { outcomes: ['a'], probabilities: [0.8, 0.2] }],
      [frozen, { outcomes: ['a'], probabilities: [1, 0] }],
    ],
    { steps: 2 },
  );
  const conditions = [...open, ...closed, frozen];
  const [first, second] = sentenceImportance(one, conditions, ['a', 'b']);
  near(first?.resampling?.change ?? null, 3 / 4 - 1 / 3);
  near(first?.counterfactual?.change ?? null, 3 / 4 - 0);
  near(first?.differing ?? null, 3 / 4);
  near(first?.forced?.change ?? null, 0.8 - 0.25);
  assert.equal(first?.forced?.interval, null);
  assert.ok(first?.resampling?.interval && first.resampling.interval[0] < 0 && first.resampling.interval[1] > 0.7);
  near(second?.resampling?.change ?? null, 1 / 4);
  assert.equal(second?.counterfactual, null, 'no regeneration said anything else');
  assert.equal(second?.differing, 0);
  near(second?.forced?.change ?? null, 0.2);
  const measures = measured(conditions, [one]);
  near(rowOf(measures, 'forced-importance', 'sentence 1').value.rate, 0.55);
  assert.ok(rowOf(measures, 'resampling-importance', 'sentence 1').value.interval);
  const many = measured(
    conditions,
    range(12).map((index) => ({ ...one, example: exampleId(`m${index}`) })),
  );
  assert.equal(rowOf(many, 'resampling-importance', 'sentence 2').value.n, 12);
  assert.equal(sentenceImportance({ ...one, steps: 0 }, conditions, ['a', 'b']).length, 0);
});

test('a run without the conditions, without examples or without a readable answer says nothing, never NaN', () => {
  const frozen = condition('frozen', 'closed');
  const cuts = [0, 0.5, 1].map((value) => condition('keep', 'closed', { keep: fraction(value) }));
  assert.deepEqual(measured([], []), []);
  assert.deepEqual(measured([frozen, ...cuts], []), []);
  const mute = example(
    0,
    cuts.map((cut) => [cut, [null]] as const),
    { steps: 0, labels: { correct: 'a' } },
  );
  assert.deepEqual(
    measured(cuts, [mute]).map(({ id }) => id),
    ['accuracy'],
  );
});
