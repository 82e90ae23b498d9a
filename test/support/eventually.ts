// Waiting for what a page will show. A page is never read once after something else was waited for: on a busy machine
// the rest of it may come later.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const waitMs = 20_000;
const pauseMs = 50;

/** Reads again and again until the expectation holds; after 20 s what was read last fails it. */
export async function eventually<T>(read: () => Promise<T> | T, expect: (value: T) => void): Promise<void> {
  const end = Date.now() + waitMs;
  for (;;) {
    const value = await read();
    try {
      expect(value);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(pauseMs);
  }
}

/** The same for a value that must become equal to `expected`. */
export function eventuallyEqual<T>(read: () => Promise<T> | T, expected: T): Promise<void> {
  return eventually(read, (value) => assert.deepEqual(value, expected));
}

/** The same for a condition that must come to hold. */
export function waitUntil(holds: () => Promise<boolean> | boolean): Promise<void> {
  return eventuallyEqual(holds, true);
}
