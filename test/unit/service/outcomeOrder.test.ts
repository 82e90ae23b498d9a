import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../engine/domain/condition';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { ExampleState, SampleDigest } from '../../../engine/domain/runState';
import { byOrder, dropsUnder, recordedProbability } from '../../../engine/service/outcomeOrder';

const frozen = { id: 'frozen', keep: { unit: 'fraction', value: 1 }, close: 'closed' } as const;
const control: Condition = {
  id: conditionId('control'),
  alias: 'frozen',
  promptEdit: { id: 'none', params: {} },
  traceEdit: frozen,
  readout: 'forced',
};
const swapped: Condition = { ...control, id: conditionId('swapped'), promptEdit: { id: 'swap', params: { a: 'x' } } };
const setup = { conditions: [swapped, control], options: ['yes', 'no'] };
const drop = dropsUnder(swapped, setup);

const forced = (yes: number): SampleDigest => ({
  outcome: { kind: 'option', option: yes > 0.5 ? 'yes' : 'no' },
  wentOn: false,
  finish: 'forced',
  probabilities: [yes, 1 - yes],
  minMargin: null,
});
const drawn = (...answers: readonly (string | null)[]): readonly SampleDigest[] =>
  answers.map((option) => ({
    ...forced(0),
    outcome: option === null ? { kind: 'unreadable', reason: 'none' } : { kind: 'option', option },
    probabilities: null,
  }));

function state(
  ordinal: number,
  results: { readonly control: readonly SampleDigest[]; readonly swapped: readonly SampleDigest[] },
): ExampleState {
  const byCondition = new Map([
    [control.id, results.control],
    [swapped.id, results.swapped],
  ]);
  return {
    example: exampleId(`e${ordinal}`),
    ordinal,
    recorded: 'yes',
    results: byCondition,
  } as unknown as ExampleState;
}

test('the drop is that of the exact probability against the control, else of the share of readable samples', () => {
  const exact = state(0, { control: [forced(0.9)], swapped: [forced(0.3)] });
  assert.ok(Math.abs((drop(exact) ?? 0) - 0.6) < 1e-12);
  assert.ok(Math.abs((dropsUnder(control, setup)(exact) ?? 0) - 0.1) < 1e-12, 'the record itself gave its answer');
  const shares = state(1, { control: drawn('yes', 'yes'), swapped: drawn('yes', 'no', 'no', null) });
  assert.ok(Math.abs((drop(shares) ?? 0) - 2 / 3) < 1e-12);
  assert.equal(drop(state(2, { control: drawn('yes'), swapped: drawn(null) })), null);
  assert.equal(drop(state(3, { control: drawn(null), swapped: drawn('no') })), null);
});

test('every order ends with what could not be read, and keeps the file’s order where nothing tells examples apart', () => {
  const states = [
    state(0, { control: [forced(0.6)], swapped: [forced(0.2)] }),
    state(1, { control: [forced(1)], swapped: [forced(0.4)] }),
    state(2, { control: drawn('yes'), swapped: drawn(null) }),
    state(3, { control: [forced(1)], swapped: [forced(0.4)] }),
  ];
  const rows = states.map((one) => ({
    ordinal: one.ordinal,
    drop: drop(one),
    recordedProbability: recordedProbability(one, swapped.id, setup.options),
  }));
  const ordered = (order: Parameters<typeof byOrder>[0]) =>
    [...rows].sort(byOrder(order)).map(({ ordinal }) => ordinal);
  assert.deepEqual(ordered('ordinal'), [0, 1, 2, 3]);
  assert.deepEqual(ordered('drop'), [1, 3, 0, 2]);
  assert.deepEqual(ordered('recordedProbability'), [0, 1, 3, 2]);
});
