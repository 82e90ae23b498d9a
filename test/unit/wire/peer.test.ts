import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelledError, UserError } from '../../../engine/domain/failure';
import type { Ask, Flow, Frame, Handlers } from '../../../engine/wire/contract';
import { connect, serve } from '../../../engine/wire/peer';
import type { Port } from '../../../engine/wire/port';
import { portPair } from '../../../engine/wire/portPair';

type Toy = {
  add: Ask<{ a: number; b: number }, number>;
  count: Flow<{ to: number }, number, string>;
  hang: Ask<null, null>;
  refuse: Ask<{ how: 'user' | 'bug' | 'cancelled' }, null>;
};

function toyHandlers(changes: Partial<Handlers<Toy>> = {}): Handlers<Toy> {
  return {
    add: ({ a, b }) => a + b,
    count: async ({ to }, { emit }) => {
      for (let i = 1; i <= to; i += 1) emit(i);
      return `counted to ${to}`;
    },
    hang: (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(null))),
    refuse: ({ how }) => {
      if (how === 'user') throw new UserError('No such file.', { label: 'Pick one', command: 'pick' });
      if (how === 'cancelled') throw new CancelledError();
      throw new RangeError('index 7 of 3');
    },
    ...changes,
  };
}

function toy(changes: Partial<Handlers<Toy>> = {}) {
  const [near, far] = portPair();
  serve<Toy>(far, toyHandlers(changes));
  return { near, far, client: connect<Toy>(near) };
}

/** Every frame that the asking side sends. */
function spy(port: Port): Frame[] {
  const frames: Frame[] = [];
  port.onFrame((frame) => frames.push(frame));
  return frames;
}

test('an ask is answered', async () => {
  assert.equal(await toy().client.ask('add', { a: 2, b: 3 }), 5);
});

test('answers find their own question, whatever the order', async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { client } = toy({ add: async ({ a, b }) => (a === 1 ? gate.then(() => a + b) : a + b) });
  const slow = client.ask('add', { a: 1, b: 1 });
  assert.equal(await client.ask('add', { a: 10, b: 1 }), 11);
  release();
  assert.equal(await slow, 2);
});

test('events arrive in order, before the answer', async () => {
  const seen: number[] = [];
  const answer = await toy().client.ask('count', { to: 4 }, { onEvent: (event) => seen.push(event) });
  assert.deepEqual(seen, [1, 2, 3, 4]);
  assert.equal(answer, 'counted to 4');
});

test('events after the answer are dropped', async () => {
  const seen: number[] = [];
  let late: (event: number) => void = () => {};
  const { client } = toy({
    count: (_, { emit }) => {
      late = emit;
      return 'done';
    },
  });
  await client.ask('count', { to: 0 }, { onEvent: (event) => seen.push(event) });
  late(1);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, []);
});

test('a handler that throws for a person fails the call with its message and way out', async () => {
  await assert.rejects(toy().client.ask('refuse', { how: 'user' }), (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.message, 'No such file.');
    assert.deepEqual(error.fix, { label: 'Pick one', command: 'pick' });
    return true;
  });
});

test('a handler with a bug fails the call with its message and stack', async () => {
  await assert.rejects(toy().client.ask('refuse', { how: 'bug' }), (error) => {
    assert.ok(error instanceof Error && !(error instanceof UserError));
    assert.equal(error.message, 'index 7 of 3');
    assert.match(error.stack ?? '', /RangeError/);
    return true;
  });
});

test('a handler that reports cancellation fails the call as cancelled', async () => {
  await assert.rejects(toy().client.ask('refuse', { how: 'cancelled' }), CancelledError);
});

test('an unknown method fails, inherited object members included', async () => {
  const { client } = toy();
  for (const method of ['nonsense', 'constructor', 'toString']) {
    await assert.rejects(client.ask(method as 'hang', null), new RegExp(`Nobody here answers "${method}"`));
  }
});

test('an abort rejects at once, tells the far side once, and fires the handler’s signal', async () => {
  const { client, far } = toy();
  const frames = spy(far);
  const controller = new AbortController();
  const call = client.ask('hang', null, { signal: controller.signal });
  await client.ask('add', { a: 0, b: 0 });
  controller.abort();
  await assert.rejects(call, CancelledError);
  await client.ask('add', { a: 0, b: 0 });
  assert.deepEqual(
    frames.filter((frame) => frame.tag === 'cancel').map((frame) => frame.id),
    [1],
  );
});

test('the handler sees the abort', async () => {
  let aborted = false;
  const { client } = toy({
    hang: (_, { signal }) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(null);
        }),
      ),
  });
  const controller = new AbortController();
  const call = client.ask('hang', null, { signal: controller.signal });
  await client.ask('add', { a: 0, b: 0 });
  controller.abort();
  await assert.rejects(call, CancelledError);
  await client.ask('add', { a: 0, b: 0 });
  assert.equal(aborted, true);
});

test('a signal that fired before sends nothing', async () => {
  const { client, far } = toy();
  const frames = spy(far);
  await assert.rejects(client.ask('hang', null, { signal: AbortSignal.abort() }), CancelledError);
  await client.ask('add', { a: 0, b: 0 });
  assert.deepEqual(
    frames.map((frame) => frame.tag === 'ask' && frame.method),
    ['add'],
  );
});

test('an abort after the answer changes nothing', async () => {
  const { client, far } = toy();
  const frames = spy(far);
  const controller = new AbortController();
  assert.equal(await client.ask('add', { a: 1, b: 1 }, { signal: controller.signal }), 2);
  controller.abort();
  await client.ask('add', { a: 0, b: 0 });
  assert.equal(frames.filter((frame) => frame.tag === 'cancel').length, 0);
});

test('a port that closes fails every open call with its reason, and every later one', async () => {
  const { client, far } = toy();
  const open = [client.ask('hang', null), client.ask('hang', null)];
  await client.ask('add', { a: 0, b: 0 });
  far.close();
  for (const call of open) await assert.rejects(call, /closed the connection/);
  await assert.rejects(client.ask('add', { a: 0, b: 0 }), UserError);
});

test('a port that closes fires the signals of the handlers at work', async () => {
  let signal: AbortSignal | undefined;
  const { client, near } = toy({
    hang: (_, context) => {
      signal = context.signal;
      return new Promise(() => {});
    },
  });
  const call = client.ask('hang', null);
  await client.ask('add', { a: 0, b: 0 });
  near.close();
  await assert.rejects(call);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(signal?.aborted, true);
});

test('disposing the asking side cancels what is open', async () => {
  const { client, far } = toy();
  const frames = spy(far);
  const call = client.ask('hang', null);
  client.dispose();
  await assert.rejects(call, CancelledError);
  await client.ask('add', { a: 0, b: 0 });
  assert.equal(frames.filter((frame) => frame.tag === 'cancel').length, 1);
});

test('both sides may ask on one port', async () => {
  const [near, far] = portPair();
  serve<Toy>(far, toyHandlers());
  serve<Toy>(near, toyHandlers({ add: ({ a, b }) => a * b }));
  const [there, here] = await Promise.all([
    connect<Toy>(near).ask('add', { a: 3, b: 4 }),
    connect<Toy>(far).ask('add', { a: 3, b: 4 }),
  ]);
  assert.deepEqual([there, here], [7, 12]);
});

test('an answer for nobody is ignored', async () => {
  const { client, far } = toy();
  far.post({ tag: 'answer', id: 99, answer: 'stray' });
  far.post({ tag: 'event', id: 99, event: 'stray' });
  assert.equal(await client.ask('add', { a: 1, b: 2 }), 3);
});
