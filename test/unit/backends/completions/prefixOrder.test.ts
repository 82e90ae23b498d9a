// Leaves that share a prefix stand together, whatever the order of conditions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefixOrder } from '../../../../engine/backends/completions/prefixOrder';
import { optionNodes } from '../../../../engine/backends/completions/requests';
import type { Leaf } from '../../../../engine/domain/job';
import { greedy } from '../../../../engine/domain/run';

const leaf = (key: string, ids: readonly number[]): Leaf => ({
  key,
  ids,
  readout: { kind: 'continued', maxTokens: 1, stopTexts: [] },
  sampling: greedy,
  streams: [key],
});

const ordered = (prompt: readonly number[], leaves: readonly Leaf[]) =>
  prefixOrder({ prompt, leaves }).map((one, _at, all) => [
    one.leaf.key,
    one.after === null ? null : all[one.after]?.leaf.key,
  ]);

test('of each prompt one goes ahead, and the others wait for that one alone', () => {
  const [a, b] = [
    [7, 1, 1, 1],
    [8, 1, 1, 1],
  ] as const;
  const leaves = [leaf('a+', [...a, 5]), leaf('b', b), leaf('a', a), leaf('b+', [...b, 5]), leaf('a++', [...a, 5, 6])];
  const apart = [
    ['a', null],
    ['a+', 'a'],
    ['a++', 'a+'],
    ['b', null],
    ['b+', 'b'],
  ];
  assert.deepEqual(ordered([], leaves), apart);
  assert.deepEqual(ordered([1, 2], leaves), apart, 'what all share is too little');
});

test('what all leaves of a job share counts, and the second prompt waits for the first', () => {
  const prompt = Array.from({ length: 100 }, () => 3);
  const leaves = [leaf('x', [1, 1]), leaf('y', [2, 1]), leaf('z', [2, 2])];
  assert.deepEqual(ordered(prompt, leaves), [
    ['x', null],
    ['y', 'x'],
    ['z', 'x'],
  ]);
});

test('a token of an option is asked for once, wherever options share what stands before it', () => {
  const nodes = optionNodes([
    { option: 'a', ids: [1, 2, 3] },
    { option: 'b', ids: [1, 2, 4] },
    { option: 'c', ids: [5] },
  ]);
  assert.deepEqual(nodes, [
    { before: [], next: [1, 5] },
    { before: [1], next: [2] },
    { before: [1, 2], next: [3, 4] },
  ]);
});
