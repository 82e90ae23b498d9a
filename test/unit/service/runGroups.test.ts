import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../engine/domain/condition';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { RunManifest } from '../../../engine/domain/run';
import type { ExampleState, SampleDigest } from '../../../engine/domain/runState';
import {
  type GroupedExample,
  groupChoices,
  groupColumns,
  groupRun,
  mostGroups,
} from '../../../engine/service/runGroups';

const condition: Condition = {
  id: conditionId('c'),
  alias: 'frozen',
  promptEdit: { id: 'none', params: {} },
  traceEdit: { id: 'frozen', keep: { unit: 'fraction', value: 1 }, close: 'closed' },
  readout: 'forced',
};
const manifest = { conditions: [condition], spec: { seed: 1 } } as unknown as RunManifest;
const swap = '{"id":"swap","params":{"a":"x","attribute":"tone","b":"y"}}';

function grouped(
  n: number,
  [recorded, answer]: readonly [string, string],
  more: Partial<ExampleState> = {},
): GroupedExample {
  const digest: SampleDigest = {
    outcome: { kind: 'option', option: answer },
    wentOn: false,
    finish: 'forced',
    probabilities: null,
    minMargin: null,
  };
  const example = {
    example: exampleId(`e${n}`),
    ordinal: n,
    source: { kind: 'bytes', file: '/data/a.jsonl', line: n },
    recorded,
    labels: {},
    fields: {},
    caveats: {},
    omitted: {},
    levels: {},
    steps: null,
    results: new Map([[condition.id, [digest]]]),
    redraws: new Map(),
    ...more,
  } as unknown as ExampleState;
  return { example, annotated: [] };
}

test('each group has the rates of its own examples, the largest group first', () => {
  const examples = [grouped(0, ['no', 'yes']), grouped(1, ['yes', 'yes']), grouped(2, ['yes', 'no'])];
  const { groups, left } = groupRun(manifest, examples, 'recorded');
  const columns = groupColumns(examples.map(({ example }) => example));
  assert.deepEqual(
    groups.map(({ value, examples: n, effects: [effect] }) => [value, n, effect?.kept, effect?.flipped]),
    [
      ['yes', 2, 1, 1],
      ['no', 1, 0, 1],
    ],
  );
  assert.deepEqual(
    groupChoices(columns, [], examples.length).map(({ id }) => id),
    ['recorded'],
  );
  assert.equal(left, 0);
  assert.ok(groups.every(({ effects }) => effects.every(({ paired }) => paired === null)));
});

test('an example with two labels counts in both groups, one without an attribute in none', () => {
  const both = { ...grouped(0, ['yes', 'yes']), annotated: ['post-hoc', 'unclear', 'unclear'] };
  const none = grouped(1, ['yes', 'no'], { levels: { [swap]: 'x' } });
  const { groups } = groupRun(manifest, [both, none], 'annotation');
  assert.deepEqual(new Set(groups.map(({ value }) => value)), new Set(['post-hoc', 'unclear', 'not annotated']));
  const ofLevel = groupRun(manifest, [both, none], `level ${swap}`).groups;
  assert.deepEqual(
    ofLevel.map(({ value, examples }) => [value, examples]),
    [['x', 1]],
  );
  const ids = (labeled: readonly (readonly string[])[]) => groupChoices([], labeled, 2).map(({ id }) => id);
  assert.deepEqual([ids([]), ids([['unclear'], ['unclear']]), ids([['unclear']])], [[], [], ['annotation']]);
});

test('any field of the records groups them, but not one that is another in each', () => {
  const examples = Array.from({ length: 6 }, (_, n) =>
    grouped(n, ['yes', n < 2 ? 'no' : 'yes'], { fields: { level: n % 2 === 0 ? 'low' : 'high', serial: n } }),
  );
  const { groups } = groupRun(manifest, examples, 'field level');
  const columns = groupColumns(examples.map(({ example }) => example));
  assert.deepEqual(groupChoices(columns, [], examples.length), [{ id: 'field level', title: 'level' }]);
  assert.deepEqual(
    groups.map(({ value, examples: n, effects: [effect] }) => [value, n, effect?.flipped]),
    [
      ['low', 3, 1],
      ['high', 3, 1],
    ],
  );
  assert.deepEqual(
    [columns[0]?.values, [...(columns[0]?.codes ?? [])]],
    [
      ['low', 'high'],
      [1, 2, 1, 2, 1, 2],
    ],
  );
});

test('of many groups the largest are shown and the others counted; what nobody knows gives no groups', () => {
  const examples = Array.from({ length: mostGroups + 5 }, (_, n) => grouped(n, [`answer ${n}`, 'yes']));
  const { groups, left } = groupRun(manifest, examples, 'recorded');
  assert.equal(groups.length, mostGroups);
  assert.equal(left, 5);
  assert.deepEqual(groupRun(manifest, examples, 'color').groups, []);
  const [column] = groupColumns(examples.map(({ example }) => example));
  assert.deepEqual(
    [column?.values.length, [...(column?.codes ?? [])].filter((code) => code === 0).length],
    [mostGroups, 5],
  );
});
