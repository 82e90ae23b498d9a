import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeLeft } from '../../../webview/ui/timeLeft';

test('the time left follows the pace since the page began to look', () => {
  assert.equal(timeLeft({ done: 10, atMs: 0 }, { done: 20, atMs: 5_000 }, 100), 'about 40 s left');
  assert.equal(timeLeft({ done: 0, atMs: 0 }, { done: 1, atMs: 60_000 }, 31), 'about 30 min left');
  assert.equal(timeLeft({ done: 0, atMs: 0 }, { done: 1, atMs: 60_000 }, 241), 'about 4 h left');
});

test('nothing is said before anything was finished, and at the end', () => {
  assert.equal(timeLeft({ done: 10, atMs: 0 }, { done: 10, atMs: 9_000 }, 100), '');
  assert.equal(timeLeft({ done: 10, atMs: 0 }, { done: 100, atMs: 9_000 }, 100), '');
});
