// What is worked out from planted answers: effects of the four cells in both directions, areas by hand, gaps; and nothing where a part of it
// is not planted.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunObject } from '../support/cli';
import { type CalibrationRow, type Case, type ConditionCases, type Effect, effects } from './calibrationRow';
import { curveRows } from './curveRows';
import { mediationRows } from './mediationRows';

const organism = { name: 'o', model: 'm', file: 'f', planted: 'p', swap: 'color=red:blue' };

/** By condition, the planted answer; the run gives the same ones unless `given` says otherwise. */
type Example = {
  readonly level: string | null;
  readonly planted: Readonly<Record<string, string>>;
  readonly given?: Readonly<Record<string, string>>;
};

function casesOf(alias: string, examples: readonly Example[]): ConditionCases {
  const counts = { n: examples.length, kept: 0, flipped: 0, unreadable: 0, keptRate: null, interval: null };
  const cases = examples.map(({ level, planted, given }): Case => {
    const line = { example: 'e', condition: alias, sample: 0, recorded: 'yes', reason: null, probabilities: null };
    const outcome = given?.[alias] ?? planted[alias] ?? null;
    return {
      record: {
        ...{ recorded: 'yes', tokens: null, level, odds: new Map(), wentOn: new Map() },
        answers: new Map(Object.entries(planted)),
      },
      lines: [{ ...line, outcome, wentOn: false, text: '' }],
      isCut: null,
    };
  });
  return { organism: 'o', condition: { id: alias, alias, ...counts, noise: null, wentOn: null }, cases };
}

const runWith = (more: Partial<RunObject>): RunObject => ({
  ...{ run: 'r', dir: 'd', status: 'completed', model: { runtime: 'onnx' } },
  ...{ crossModel: false, examples: 2, replication: { n: 2, kept: 2 } },
  ...{ conditions: [], curves: [], measures: [] },
  ...more,
});

const value = (rate: number) => ({ n: 2, rate, interval: [rate - 0.05, rate + 0.05] as const });

describe('planted effects', () => {
  const cells = ['frozen', 'frozen+swap:color', 'swapped-trace', 'swapped-trace+swap:color'];
  const planted = (answers: string): Example['planted'] =>
    Object.fromEntries(cells.map((cell, i) => [cell, answers[i] === 'y' ? 'yes' : 'no']));
  const measured = effects.map((label) => ({ label, value: value(label.startsWith('direct') ? -0.5 : 0) }));
  const run = runWith({ measures: [{ id: 'mediation', rows: measured }] });
  const rowsOf = (examples: readonly Example[]): readonly CalibrationRow[] =>
    mediationRows(
      organism,
      run,
      cells.map((alias) => casesOf(alias, examples)),
    );
  const effectsOf = (examples: readonly Example[]): readonly (readonly [string, number])[] =>
    rowsOf(examples).map(({ quantity, planted: effect }) => [quantity, effect]);
  const expected = (values: readonly number[]) => effects.map((effect: Effect, i) => [effect, values[i]]);

  it('are those of Pearl, from the first value of the swap to the second, wherever an example is recorded', () => {
    // One at red follows its trace; one at blue, recorded with the other answer, follows its prompt.
    const examples = [
      { level: 'red', planted: planted('yynn') },
      { level: 'blue', planted: planted('nyny') },
    ];
    assert.deepEqual(effectsOf(examples), expected([-1, -0.5, -0.5, -0.5, 0.5]));
  });

  it('say whether the measured one is the planted one, and how many examples are as planted in all four cells', () => {
    const one = { level: 'red', planted: planted('yynn') };
    const direct = rowsOf([one, { ...one, given: { 'swapped-trace': 'yes' } }]).find(({ quantity }) =>
      quantity.startsWith('direct'),
    );
    assert.deepEqual([direct?.planted, direct?.measured, direct?.within, direct?.agreement], [0, -0.5, false, 0.5]);
  });

  it('have no proportion of an effect that is none, and no direction without levels', () => {
    const unmoved = { level: 'red', planted: planted('yyyy') };
    assert.deepEqual(
      effectsOf([unmoved]).map(([effect]) => effect),
      effects.slice(0, 4),
    );
    assert.deepEqual(effectsOf([{ ...unmoved, level: null }]), []);
    assert.deepEqual(mediationRows(organism, run, [casesOf('frozen', [unmoved])]), []);
  });
});

describe('planted curves', () => {
  const cuts = ['no-reasoning', 'half-closed', 'frozen'];
  const answers = (kept: readonly string[], swapped: readonly string[]): Example => ({
    level: null,
    planted: Object.fromEntries(
      cuts.flatMap((cut, i) => [
        [cut, kept[i] ?? ''],
        [`${cut}+swap:color`, swapped[i] ?? ''],
      ]),
    ),
  });
  const examples = [
    answers(['yes', 'yes', 'yes'], ['no', 'no', 'yes']),
    answers(['no', 'yes', 'yes'], ['no', 'yes', 'yes']),
  ];
  const curve = (id: string, area: number, gaps: readonly number[]): RunObject['curves'][number] => ({
    ...{ close: 'closed', readout: 'forced', promptEdit: { id }, area: value(area) },
    points: [{ keep: 0 }, { keep: 0.5 }, { keep: 1 }],
    gaps: gaps.map((gap, i) => ({ keep: i / 2, n: 2, gap, interval: [gap - 0.05, gap + 0.05] as const })),
  });
  const run = runWith({ curves: [curve('none', 0.125, []), curve('swap', 0.5, [0.5, 0.5, 0])] });
  const found = cuts.flatMap((cut) => [casesOf(cut, examples), casesOf(`${cut}+swap:color`, examples)]);

  it('have their area by the trapezoid rule, and a gap at each cut under the swap', () => {
    const rows = curveRows(organism, run, found);
    assert.deepEqual(
      rows.map(({ condition, quantity, planted, within }) => [condition, quantity, planted, within]),
      [
        ['curve:closed', 'area', 0.125, true],
        ['curve:closed+swap:color', 'area', 0.5, true],
        ['no-reasoning+swap:color', 'gap', 0.5, true],
        ['half-closed+swap:color', 'gap', 0.5, true],
        ['frozen+swap:color', 'gap', 0, true],
      ],
    );
  });

  it('are left out where a cut is not planted', () => {
    assert.deepEqual(curveRows(organism, run, found.slice(0, 3)), []);
  });
});
