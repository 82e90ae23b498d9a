import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf, rowWindow } from '../../../webview/ui/rowWindow';

const pageSize = 200;
const list = { rowHeight: 20, total: 100_000 };

test('a window covers what is on screen, with a margin, and nothing beyond the list', () => {
  assert.deepEqual(rowWindow(0, 200, list), { first: 0, last: 20 });
  assert.deepEqual(rowWindow(20_000, 200, list), { first: 990, last: 1020 });
  assert.deepEqual(rowWindow(2_000_000, 200, list), { first: 99_990, last: 100_000 });
});

test('every row on screen is in the window, wherever the list is scrolled to', () => {
  for (let top = 0; top < 3000; top += 7) {
    const { first, last } = rowWindow(top, 333, { rowHeight: 26, total: 50 });
    const firstSeen = Math.min(50, Math.floor(top / 26));
    const lastSeen = Math.min(50, Math.ceil((top + 333) / 26));
    assert.ok(first <= firstSeen && last >= lastSeen && last <= 50, `at ${top}`);
  }
});

test('an empty list has an empty window and no pages', () => {
  const window = rowWindow(500, 200, { rowHeight: 20, total: 0 });
  assert.deepEqual(window, { first: 0, last: 0 });
  assert.deepEqual(pagesOf(window, pageSize), []);
});

test('the pages of a window are those that it touches, never more than it needs', () => {
  assert.deepEqual(pagesOf({ first: 0, last: 1 }, pageSize), [0]);
  assert.deepEqual(pagesOf({ first: pageSize - 1, last: pageSize }, pageSize), [0]);
  assert.deepEqual(pagesOf({ first: pageSize - 1, last: pageSize + 1 }, pageSize), [0, 1]);
  assert.deepEqual(pagesOf({ first: 2 * pageSize, last: 3 * pageSize }, pageSize), [2]);
});
