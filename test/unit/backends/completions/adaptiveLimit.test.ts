// The limit of requests at once: it finds what a server takes, gives way when told to, and never lets more in than it says.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { test } from 'node:test';
import { AdaptiveLimit } from '../../../../engine/backends/completions/adaptiveLimit';

const signal = new AbortController().signal;
setMaxListeners(0, signal);
const answered = { kind: 'answered', firstTokenMs: 20 } as const;

/** So many answers, one after the other. */
async function answers(limit: AdaptiveLimit, count: number, firstTokenMs = 20): Promise<void> {
  for (let i = 0; i < count; i += 1) (await limit.enter(signal))({ kind: 'answered', firstTokenMs });
}

test('it doubles with each round of answers, up to the most; after trouble it grows by one a round', async () => {
  const limit = new AdaptiveLimit(16);
  assert.equal(limit.current, 4);
  await answers(limit, 4);
  assert.equal(limit.current, 8);
  await answers(limit, 20);
  assert.equal(limit.current, 16);
  (await limit.enter(signal))({ kind: 'overloaded' });
  assert.equal(limit.current, 8);
  await answers(limit, 8);
  assert.equal(limit.current, 8);
  await answers(limit, 1);
  assert.equal(limit.current, 9);
});

test('never more at once than it says, and those who wait go in order', async () => {
  const limit = new AdaptiveLimit(4);
  const order: number[] = [];
  let inside = 0;
  const visit = async (i: number): Promise<void> => {
    const leave = await limit.enter(signal);
    order.push(i);
    inside += 1;
    assert.ok(inside <= limit.inFlight && limit.inFlight <= limit.current);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inside -= 1;
    leave(answered);
  };
  await Promise.all(Array.from({ length: 25 }, (_, i) => visit(i)));
  assert.deepEqual(
    order,
    Array.from({ length: 25 }, (_, i) => i),
  );
  assert.equal(limit.inFlight, 0);
});

test('half when the server is overloaded, and once for all that were under way', async () => {
  const limit = new AdaptiveLimit(64);
  await answers(limit, 400);
  const before = limit.current;
  const leaving = await Promise.all(Array.from({ length: 10 }, () => limit.enter(signal)));
  for (const leave of leaving) leave({ kind: 'overloaded' });
  assert.equal(limit.current, Math.floor(before / 2));
  for (let i = 0; i < 20; i += 1) (await limit.enter(signal))({ kind: 'overloaded' });
  assert.equal(limit.current, 1, 'never less than one');
});

test('less when all answers begin much later than they did', async () => {
  const limit = new AdaptiveLimit(64);
  await answers(limit, 100);
  const before = limit.current;
  await answers(limit, 12, 20_000);
  assert.ok(limit.current < before);
});

test('no less when some answers begin late because their prompts are in no cache', async () => {
  const limit = new AdaptiveLimit(64);
  await answers(limit, 2000);
  for (let i = 0; i < 40; i += 1) {
    await answers(limit, 5, 4_000);
    await answers(limit, 1);
  }
  assert.equal(limit.current, 64);
});

test('who gives up waiting leaves the line', async () => {
  const limit = new AdaptiveLimit(1);
  const leave = await limit.enter(signal);
  const cancel = new AbortController();
  const waiting = limit.enter(cancel.signal);
  const next = limit.enter(signal);
  cancel.abort();
  await assert.rejects(waiting, { name: 'CancelledError' });
  leave(answered);
  (await next)(answered);
  assert.equal(limit.inFlight, 0);
});
