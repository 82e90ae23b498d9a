import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Annotation } from '../../../engine/domain/annotation';
import { conditionId, exampleId, runId } from '../../../engine/domain/ids';
import type { ReviewAsk } from '../../../engine/domain/review';
import type { ExampleState } from '../../../engine/domain/runState';
import { agreementOf, reviewQueue } from '../../../engine/service/review';

const run = runId('r1');
const condition = conditionId('c1');
const examples = Array.from(
  { length: 20 },
  (_, ordinal) =>
    ({
      example: exampleId(`e${ordinal}`),
      ordinal,
      logEnd: 9,
      results: new Map([[condition, []]]),
    }) as unknown as ExampleState,
);

function labeled(
  author: string,
  label: string | null,
  { ordinal, sample = 0 }: { readonly ordinal: number; readonly sample?: number },
): Annotation {
  const target = { run, condition, example: exampleId(`e${ordinal}`), sample };
  const id = `${author}${ordinal}${sample}`;
  return { v: 1, type: 'annotated', id, at: '2026-01-01', author, rubric: '1', target, label, note: '' };
}

const ask = (more: Partial<ReviewAsk>): ReviewAsk => ({
  condition,
  kind: 'unlabeled',
  author: 'ann',
  seed: 1,
  size: 50,
  ...more,
});

const ordinals = (annotations: readonly Annotation[], more: Partial<ReviewAsk>): readonly number[] =>
  reviewQueue({ run, examples, annotations }, ask(more)).map(({ example }) => Number(example.slice(1)));

test('what this author has not labeled comes in the order of the file; a note alone is no label', () => {
  const standing = [
    labeled('ann', 'post-hoc', { ordinal: 0 }),
    labeled('bob', 'unclear', { ordinal: 1 }),
    labeled('ann', null, { ordinal: 2 }),
  ];
  assert.deepEqual(ordinals(standing, { size: 3 }), [1, 2, 3]);
});

test('disagreements are those on one and the same sample', () => {
  const standing = [
    ...[labeled('ann', 'post-hoc', { ordinal: 3 }), labeled('bob', 'unclear', { ordinal: 3 })],
    ...[labeled('ann', 'post-hoc', { ordinal: 4 }), labeled('bob', 'post-hoc', { ordinal: 4 })],
    ...[labeled('ann', 'post-hoc', { ordinal: 5, sample: 0 }), labeled('bob', 'unclear', { ordinal: 5, sample: 1 })],
  ];
  assert.deepEqual(ordinals(standing, { kind: 'disagreements' }), [3]);
});

test('a random sample is the seed’s own, without repetition', () => {
  const first = ordinals([], { kind: 'random', size: 10 });
  assert.equal(new Set(first).size, 10);
  assert.deepEqual(ordinals([], { kind: 'random', size: 10 }), first);
  assert.notDeepEqual(ordinals([], { kind: 'random', size: 10, seed: 2 }), first);
});

test('agreement pairs what both labeled: the value of a worked example', () => {
  // Two by two: 20 both yes, 5 yes/no, 10 no/yes, 15 both no: raw 0.7, kappa 0.4.
  const cells = [
    ...Array.from({ length: 20 }, () => ['yes', 'yes']),
    ...Array.from({ length: 5 }, () => ['yes', 'no']),
    ...Array.from({ length: 10 }, () => ['no', 'yes']),
    ...Array.from({ length: 15 }, () => ['no', 'no']),
  ];
  const all = cells.flatMap(([a = '', b = ''], at) => [
    labeled('bob', b, { ordinal: at }),
    labeled('ann', a, { ordinal: at }),
  ]);
  const [agreement, ...others] = agreementOf([...all, labeled('carl', 'yes', { ordinal: 99 })]);
  assert.equal(others.length, 0);
  assert.equal(agreement?.first, 'ann');
  assert.equal(agreement?.n, 50);
  assert.ok(Math.abs((agreement?.raw ?? 0) - 0.7) < 1e-12);
  assert.ok(Math.abs((agreement?.kappa ?? 0) - 0.4) < 1e-12);
  const [low, high] = agreement?.interval ?? [1, 0];
  assert.ok(low < 0.4 && 0.4 < high);
});
