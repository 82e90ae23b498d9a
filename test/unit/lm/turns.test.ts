import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTurns } from '../../../engine/lm/turns';

test('work runs in order, one at a time, and urgent work overtakes between and within', async () => {
  const turns = makeTurns();
  const order: string[] = [];
  let running = 0;
  const work =
    (name: string, steps: number, interruptible = true) =>
    async () => {
      if (interruptible) running += 1;
      assert.ok(running <= 1);
      for (let step = 0; step < steps; step++) {
        order.push(`${name}${step}`);
        await new Promise(setImmediate);
        if (interruptible) await turns.letUrgentPass();
      }
      if (interruptible) running -= 1;
    };
  const first = turns.add(work('a', 3), 'ordinary');
  const second = turns.add(work('b', 2), 'ordinary');
  const urgent = turns.add(work('!', 2, false), 'urgent');
  await Promise.all([first, second, urgent]);
  assert.deepEqual(order, ['a0', '!0', '!1', 'a1', 'a2', 'b0', 'b1']);
  await turns.add(work('c', 1), 'ordinary');
  assert.equal(order.at(-1), 'c0');
});
