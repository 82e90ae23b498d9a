// Leaves that share a prefix stand together, whatever the order of conditions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefixGroups } from '../../../../engine/backends/completions/prefixOrder';
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

test('two prompts make two groups, each led by the shortest of those that go on', () => {
  const [a, b] = [
    [7, 1, 1, 1],
    [8, 1, 1, 1],
  ] as const;
  const leaves = [leaf('a+', [...a, 5]), leaf('b', b), leaf('a', a), leaf('b+', [...b, 5, 6]), leaf('a-', [7, 1, 1])];
  assert.deepEqual(
    prefixGroups(leaves).map((group) => group.map(({ key }) => key)),
    [
      ['a-', 'a', 'a+'],
      ['b', 'b+'],
    ],
  );
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
