import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Close, Keep } from '../../../engine/domain/condition';
import { cutTrace } from '../../../engine/interventions/keepClose';

const reasoning = '\nOne 😀 two. Three four.\nFive.\n';
// A token a character, but the emoji is two tokens of which the first ends inside it.
const tokenEnds = [...reasoning].flatMap((character, i, all) => {
  const end = all.slice(0, i + 1).join('').length;
  return character === '😀' ? [null, end] : [end];
});
const n = tokenEnds.length;
const cut = (keep: Keep, close: Close = 'open') => cutTrace({ reasoning, tokenEnds }, { id: 'keep', keep, close });
const fraction = (value: number, close?: Close) => cut({ unit: 'fraction', value }, close);

test('all of it is the body; its closing white space belongs to the tag', () => {
  assert.deepEqual(fraction(1), { k: n, n, offset: reasoning.length - 1, backedOff: false, removedClosing: '\n' });
  assert.equal(fraction(1, 'closed').removedClosing, '');
  assert.equal(fraction(7).k, n);
});

test('half is the floor of half of the tokens', () => {
  const half = fraction(0.5);
  assert.equal(half.k, Math.floor(n / 2));
  assert.equal(half.offset, tokenEnds[half.k - 1]);
  assert.deepEqual(fraction(0), { k: 0, n, offset: 0, backedOff: false, removedClosing: '\n' });
  assert.equal(fraction(-1).k, 0);
});

test('a cut inside a character is moved back to its start', () => {
  const inside = tokenEnds.indexOf(null) + 1;
  const moved = fraction(inside / n);
  assert.deepEqual([moved.k, moved.backedOff, reasoning.slice(0, moved.offset)], [inside - 1, true, '\nOne ']);
  assert.equal(reasoning.slice(0, fraction((inside + 1) / n).offset), '\nOne 😀');
});

test('a fraction keeps as many tokens as it says, whatever its binary representation', () => {
  const grid = { reasoning: 'x'.repeat(100), tokenEnds: Array.from({ length: 100 }, (_, i) => i + 1) };
  for (let k = 0; k <= 100; k += 1) {
    assert.equal(cutTrace(grid, { id: 'keep', keep: { unit: 'fraction', value: k / 100 }, close: 'open' }).k, k);
  }
});

test('a cut never keeps more than the body, even when tokens of white space count', () => {
  const grid = { reasoning: 'a\n\n\n\n', tokenEnds: [1, 2, 3, 4, 5] };
  const half = cutTrace(grid, { id: 'half-truncated', keep: { unit: 'fraction', value: 0.8 }, close: 'open' });
  assert.deepEqual([half.k, half.offset, half.removedClosing], [4, 1, '\n\n\n\n']);
});

test('whole steps are kept without the white space behind them', () => {
  const kept = [0, 1, 2, 3, 4].map((value) => reasoning.slice(0, cut({ unit: 'steps', value }).offset));
  assert.deepEqual(kept, [
    '',
    '\nOne 😀 two.',
    '\nOne 😀 two. Three four.',
    '\nOne 😀 two. Three four.\nFive.',
    '\nOne 😀 two. Three four.\nFive.',
  ]);
  assert.equal(cut({ unit: 'steps', value: 1 }).k, tokenEnds.indexOf('\nOne 😀 two.'.length) + 1);
});

test('an offset inside a surrogate pair is moved before it, one outside the trace is clipped', () => {
  const emoji = reasoning.indexOf('😀');
  assert.deepEqual(
    [cut({ unit: 'offset', value: emoji + 1 }).offset, cut({ unit: 'offset', value: emoji + 1 }).backedOff],
    [emoji, true],
  );
  assert.equal(cut({ unit: 'offset', value: emoji + 2 }).offset, emoji + 2);
  assert.equal(cut({ unit: 'offset', value: 1e9 }).offset, reasoning.length - 1);
  assert.equal(cut({ unit: 'offset', value: -5 }).offset, 0);
});

test('a value that is no number is refused', () => {
  assert.throws(() => fraction(Number.NaN), /give a number/);
});
