// The order of runs: one at a time, moved forward, left before and while they work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError } from '../../../engine/domain/failure';
import { createRunQueue } from '../../../extension/host/runQueue';

/** A queue whose work ends when told, and what began. */
function setUp() {
  let changes = 0;
  const queue = createRunQueue(() => {
    changes += 1;
  });
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (title: string, signal = new AbortController().signal): Promise<string> =>
    queue.add(title, signal, async (own, report) => {
      began.push(title);
      report({ done: 1, planned: 4, etaMs: 3000 });
      await new Promise<void>((resolve, reject) => {
        ends.set(title, resolve);
        own.addEventListener('abort', () => reject(new CancelledError()));
      });
      return title;
    });
  const states = (): string =>
    queue
      .runs()
      .map(({ title, state }) => `${title} ${state}`)
      .join(', ');
  return { queue, began, add, states, end: (title: string) => ends.get(title)?.(), changes: () => changes };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const idOf = ({ queue }: ReturnType<typeof setUp>, title: string): number =>
  queue.runs().find((one) => one.title === title)?.id ?? -1;

test('one works at a time, in order, and each answers with its own result', async () => {
  const set = setUp();
  const [a, b] = [set.add('a'), set.add('b')];
  await settled();
  assert.deepEqual([set.began, set.states()], [['a'], 'a working, b waiting']);
  assert.deepEqual(set.queue.runs()[0]?.progress, { done: 1, planned: 4, etaMs: 3000 });
  set.end('a');
  assert.equal(await a, 'a');
  await settled();
  assert.deepEqual([set.began, set.states()], [['a', 'b'], 'b working']);
  set.end('b');
  assert.equal(await b, 'b');
  assert.deepEqual(set.queue.runs(), []);
});

test('a waiting run is moved before the others, never before the one at work', async () => {
  const set = setUp();
  const all = ['a', 'b', 'c'].map((title) => set.add(title));
  await settled();
  set.queue.moveToFront(idOf(set, 'c'));
  set.queue.moveToFront(idOf(set, 'a'));
  assert.equal(set.states(), 'a working, c waiting, b waiting');
  for (const title of ['a', 'c', 'b']) {
    set.end(title);
    await settled();
  }
  assert.deepEqual(set.began, ['a', 'c', 'b']);
  await Promise.all(all);
});

test('what is cancelled leaves, and the next one begins; what waits never began', async () => {
  const set = setUp();
  const given = new AbortController();
  const [a, b, c] = [set.add('a'), set.add('b', given.signal), set.add('c')];
  await settled();
  given.abort();
  await assert.rejects(b, CancelledError);
  assert.equal(set.states(), 'a working, c waiting');
  set.queue.cancel(idOf(set, 'a'));
  await assert.rejects(a, CancelledError);
  await settled();
  assert.deepEqual([set.began, set.states()], [['a', 'c'], 'c working']);
  set.end('c');
  await c;
  await assert.rejects(set.add('late', AbortSignal.abort()), CancelledError);
  assert.deepEqual([set.began, set.states()], [['a', 'c'], '']);
});

test('a run that fails gives its place to the next', async () => {
  const set = setUp();
  const failing = set.queue.add('bad', new AbortController().signal, () => Promise.reject(new Error('no')));
  const after = set.add('a');
  await assert.rejects(failing, /no/);
  await settled();
  assert.equal(set.states(), 'a working');
  set.end('a');
  await after;
  assert.ok(set.changes() > 4);
});
