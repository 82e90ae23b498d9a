import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../engine/lm/jobRun';
import { neighborGroups } from '../../../engine/lm/neighborGroups';
import { waveRows } from '../../../engine/lm/waves';

/** A task that scores a text, or continues it for so many tokens. */
function task(ids: readonly number[], tokens = 0): Task {
  const continuation = { leaf: {}, maxTokens: tokens, ids: [] };
  return {
    writing: tokens === 0 ? null : ({ continuation, base: ids } as unknown as Task['writing']),
    branches: () => [{ ids, readFrom: ids.length - 1, read: () => undefined }],
    evaluated: () => undefined,
    isDone: () => false,
  };
}

const run = (id: number, length: number): number[] => Array.from({ length }, () => id);
const many = (ids: readonly number[], tokens: number): Task[] => Array.from({ length: 24 }, () => task(ids, tokens));

test('two long texts with many continuations each are evaluated one after the other', () => {
  const [one, other] = [
    [...run(1, 200), ...run(2, 400)],
    [...run(1, 200), ...run(3, 400)],
  ];
  const tasks = [...many(one, 30), ...many(other, 30)];
  assert.deepEqual(neighborGroups(tasks), [tasks.slice(0, 24), tasks.slice(24)]);
});

test('what fits into one wave, and what is scored only, is evaluated at once', () => {
  const texts = [4, 5, 6].map((id) => [...run(1, 300), ...run(id, 12)]);
  const few = texts.map((ids) => task(ids, 30));
  assert.deepEqual(neighborGroups(few), [few]);
  const scored = texts.map((ids) => task(ids));
  assert.deepEqual(neighborGroups(scored), [scored]);
});

test('texts that are one, that end where others go on, or that share nothing, are all in some group', () => {
  const texts = [[7], [7], [7, 8], [7, 8, 9], [7, 5], [3]];
  for (let count = 0; count <= texts.length; count++) {
    const tasks = texts.slice(0, count).map((ids) => task(ids, 5));
    assert.deepEqual(new Set(neighborGroups(tasks).flat()), new Set(tasks));
  }
});

test('the longer the continuations, the fewer go on together; always whole strips of rows', () => {
  const widths = [1, 30, 64, 300, 5000].map(waveRows);
  assert.deepEqual(
    widths,
    [...widths].sort((a, b) => b - a),
  );
  assert.ok(widths.every((rows) => rows >= 12 && rows <= 48 && rows % 12 === 0));
});
