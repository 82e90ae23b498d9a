import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growTokenTree, slotAt, visibleSlots } from '../../../engine/lm/tokenTree';

test('sequences share every common prefix, and the longest stands in the first slots', () => {
  const tree = growTokenTree([[1, 2, 3], [1, 2, 9, 9, 9, 9], [1, 2], [7], [1, 2, 3]]);
  assert.equal(tree.size, 2 + 4 + 1 + 1);
  const path = tree.path([1, 2, 9, 9, 9, 9]);
  assert.deepEqual(visibleSlots(path, 5), [0, 6]);
  assert.equal(slotAt(path, 4), 4);
  assert.deepEqual(visibleSlots(tree.path([1, 2, 3]), 2), [0, 2, 6, 7]);
  assert.deepEqual(visibleSlots(tree.path([7]), 0), [7, 8]);
});

test('parents come before children and slots are consecutive', () => {
  const tree = growTokenTree([
    [1, 2, 3, 4],
    [1, 2, 5],
    [1, 6],
    [1, 2, 3, 7],
    [8, 9],
  ]);
  let slot = 0;
  const seen = new Set<unknown>([null]);
  for (const node of tree.nodes) {
    assert.equal(node.slot, slot);
    assert.ok(seen.has(node.parent));
    assert.equal(node.start, node.parent === null ? 0 : node.parent.start + node.parent.ids.length);
    seen.add(node);
    slot += node.ids.length;
  }
  assert.equal(slot, tree.size);
});

test('a path spells its sequence', () => {
  const sequences = [[1, 2, 3, 4], [1, 2, 5], [1], [1, 2, 3, 7, 7], [8, 9]];
  const tree = growTokenTree(sequences);
  for (const sequence of sequences)
    assert.deepEqual(
      tree.path(sequence).flatMap(({ ids }) => ids),
      sequence,
    );
  assert.throws(() => tree.path([1, 9]), /not part/);
});
