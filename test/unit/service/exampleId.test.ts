// Ordinals count how often a hash was seen, however many there are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ordinals, turnHash, withOrdinal } from '../../../engine/service/exampleId';

test('ordinals count the same as a map would, through every growth', () => {
  const ordinals = new Ordinals();
  const counts = new Map<string, number>();
  for (let at = 0; at < 20_000; at += 1) {
    const hash = turnHash(Buffer.from(`${(at * 7919) % 12_345}`), at % 3);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    assert.equal(ordinals.next(hash), count);
  }
  assert.ok([...counts.values()].some((count) => count > 1) && [...counts.values()].some((count) => count === 1));
});

test('hashes that fall into one slot stay apart', () => {
  const ordinals = new Ordinals();
  const hash = (tail: string): string => `00000001${tail.padEnd(16, '0')}`.padEnd(64, 'f');
  assert.deepEqual(
    ['a', 'b', 'a', 'c', 'b', 'a'].map((tail) => ordinals.next(hash(tail))),
    [1, 1, 2, 1, 2, 3],
  );
  assert.equal(ordinals.next('0'.repeat(64)), 1);
  assert.equal(ordinals.next('0'.repeat(64)), 2);
});

test('the first of a hash carries no ordinal', () => {
  assert.equal(withOrdinal('ab', 1), 'ab');
  assert.equal(withOrdinal('ab', 2), 'ab-2');
});
