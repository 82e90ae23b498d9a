// Mediation and the agreement of readouts on outcomes that are made up: effects that can be worked out by hand.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MeasureRow } from '../../../engine/domain/effect';
import { canonicalJson, exampleId } from '../../../engine/domain/ids';
import type { ConditionOutcomes, ExampleOutcomes } from '../../../engine/measure/exampleOutcomes';
import { mediation } from '../../../engine/measure/metrics/mediation';
import { metricBootstrap } from '../../../engine/measure/metrics/metric';
import { readoutAgreement } from '../../../engine/measure/metrics/readoutAgreement';
import { completeConditions, parseConditions } from '../../../engine/service/conditions';
import { parseSwaps } from '../../../engine/service/promptEditWords';

const prompts = parseSwaps(['nationality=American:Canadian'], false);
const conditionsOf = (list: string, own = prompts) =>
  completeConditions(parseConditions(list, { prompts: own, mostSteps: null }));
const cells = conditionsOf('mediation');
const options = ['approve', 'reject'];

const scored = (approve: number): ConditionOutcomes => ({
  outcomes: [approve >= 0.5 ? 'approve' : 'reject'],
  redraws: [],
  wentOn: [false],
  caveats: [],
  outside: 0,
  finishLength: 0,
  minMargin: 1,
  probabilities: [approve, 1 - approve],
});

type Level = 'American' | 'Canadian';

/** An example recorded at a level, and P(approve) by the levels of prompt and trace. */
function exampleOf(
  index: number,
  own: Level | undefined,
  approve: (prompt: Level, trace: Level) => number,
): ExampleOutcomes {
  const level = own ?? 'American';
  const other = level === 'American' ? 'Canadian' : 'American';
  const byCondition = new Map(
    cells.map(({ id, promptEdit, traceEdit }) => [
      id,
      scored(approve(promptEdit.id === 'none' ? level : other, traceEdit.params ? other : level)),
    ]),
  );
  const levels = own ? { [canonicalJson(prompts[0])]: own } : {};
  return { example: exampleId(`e${index}`), recorded: 'approve', levels, byCondition };
}

function rowsOf(examples: readonly ExampleOutcomes[], toward?: string): ReadonlyMap<string, MeasureRow> {
  const bootstrap = metricBootstrap({ seed: 1, replicates: 400 });
  const rows = mediation.measure({ conditions: cells, options, toward, examples, bootstrap });
  return new Map(rows.map((row) => [/\(([A-Z /]+)\)/.exec(row.label)?.[1] ?? row.label, row]));
}

const close = (row: MeasureRow | undefined, value: number): void =>
  assert.ok(
    Math.abs((row?.value.rate ?? Number.NaN) - value) < 1e-9,
    `${row?.label}: ${row?.value.rate}, not ${value}`,
  );

/** Additive: Canadian prompts lose 0.2, Canadian traces 0.3. */
const additive = (prompt: Level, trace: Level): number =>
  0.9 - (prompt === 'Canadian' ? 0.2 : 0) - (trace === 'Canadian' ? 0.3 : 0);

describe('mediation', () => {
  const both = Array.from({ length: 40 }, (_, i) => exampleOf(i, i % 2 === 0 ? 'American' : 'Canadian', additive));

  it('is signed from one level to the other, though examples are recorded at either', () => {
    const rows = rowsOf(both);
    close(rows.get('TE'), -0.5);
    close(rows.get('NDE'), -0.2);
    close(rows.get('NIE'), -0.3);
    close(rows.get('TIE'), -0.3);
    close(rows.get('TIE / TE'), 0.6);
    close(rows.get('prompt Canadian, trace American'), 0.7);
    assert.match([...rows.values()][0]?.note ?? '', /toward approve, from American to Canadian; 40 of 40/);
  });

  it('adds up: TE is NDE and TIE, also where the two ways interact', () => {
    const interacting = (prompt: Level, trace: Level): number =>
      prompt === 'Canadian' && trace === 'Canadian' ? 0.1 : 0.8;
    const rows = rowsOf(both.map((_, i) => exampleOf(i, i % 3 === 0 ? 'Canadian' : 'American', interacting)));
    close(rows.get('TE'), -0.7);
    close(rows.get('NDE'), 0);
    close(rows.get('NIE'), 0);
    close(rows.get('TIE'), -0.7);
  });

  it('turns its sign with the answer', () => {
    close(rowsOf(both, 'reject').get('TE'), 0.5);
  });

  it('has no proportion where the total effect may be 0', () => {
    const nothing = rowsOf(
      both.map((_, i) => exampleOf(i, 'American', (prompt) => ((i % 2 === 0) === (prompt === 'American') ? 0.9 : 0.1))),
    );
    close(nothing.get('TE'), 0);
    assert.equal(nothing.get('TIE / TE')?.value.rate, null);
    assert.match(nothing.get('TIE / TE')?.note ?? '', /holds 0/);
  });

  it('shows flips that cancel in the effect', () => {
    const opposite = rowsOf(
      both.map((_, i) => exampleOf(i, 'American', (prompt) => ((i % 2 === 0) === (prompt === 'American') ? 0.9 : 0.1))),
    );
    close(opposite.get('flipped by the prompt alone'), 1);
    close(opposite.get('flipped by the trace alone'), 0);
  });

  it('leaves out examples without a level, and is no number without any', () => {
    const rows = rowsOf([...both, exampleOf(99, undefined, additive)]);
    assert.equal(rows.get('TE')?.value.n, 40);
    const none = rowsOf([exampleOf(1, undefined, additive)]);
    assert.equal(none.get('TE')?.value.rate, null);
    assert.equal(none.get('TIE / TE')?.value.rate, null);
    for (const { value } of none.values()) assert.ok(value.rate === null || Number.isFinite(value.rate));
  });

  it('of one example has an interval that says how little that is', () => {
    const { rate, interval, method } = rowsOf([exampleOf(1, 'Canadian', additive)]).get('TE')!.value;
    assert.ok(rate !== null && interval !== null && interval[0] < -0.9 && interval[1] > 0.5, `${interval}`);
    assert.equal(method, 'Wilson over examples');
  });

  it('says that it needs two values where the swap has three', () => {
    const three = parseSwaps(['n=A1:B1:C1'], false);
    const own = conditionsOf('mediation', three);
    const bootstrap = metricBootstrap({});
    const rows = mediation.measure({ conditions: own, options, examples: [], bootstrap });
    assert.match(rows[0]?.note ?? '', /one attribute with two values/);
  });

  it('is absent from a run without its cells', () => {
    const bootstrap = metricBootstrap({});
    assert.deepEqual(mediation.measure({ conditions: conditionsOf('frozen'), options, examples: both, bootstrap }), []);
  });
});

describe('the agreement of the readouts', () => {
  it('counts examples that both could read, and says how the others differ', () => {
    const pair = conditionsOf('frozen+none/both');
    const [forced, continued] = pair;
    const examples = ['approve', 'reject', null, 'approve'].map((written, i): ExampleOutcomes => {
      const text = { ...scored(1), probabilities: null, outcomes: [written] };
      const byCondition = new Map([
        [forced!.id, scored(1)],
        [continued!.id, text],
      ]);
      return { example: exampleId(`e${i}`), recorded: 'approve', byCondition };
    });
    const rows = readoutAgreement.measure({ conditions: pair, options, examples, bootstrap: metricBootstrap({}) });
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.value.n, 3);
    assert.ok(Math.abs((rows[0]?.value.rate ?? 0) - 2 / 3) < 1e-9);
    assert.equal(rows[0]?.note, 'approve scored, reject written: 1; 1 could not be read in the text');
  });
});
