// What a person waits for goes before what is read in the background.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inForeground, whenQuiet } from '../../../engine/service/foreground';

test('background work waits until the last of several in the foreground is done, even where one fails', async () => {
  const order: string[] = [];
  const quick = inForeground(async () => void order.push('quick'));
  const failing = inForeground(async () => {
    await delay(10);
    order.push('failing');
    throw new Error('made up');
  });
  const slow = inForeground(async () => {
    await delay(30);
    order.push('slow');
  });
  const background = whenQuiet().then(() => order.push('background'));
  await assert.rejects(failing, /made up/);
  await Promise.all([quick, slow, background]);
  assert.deepEqual(order, ['quick', 'failing', 'slow', 'background']);
});

test('where nothing is at work, nothing waits', async () => {
  await whenQuiet();
  assert.equal(await inForeground(async () => 7), 7);
  await whenQuiet();
});
