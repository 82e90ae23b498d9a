import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Frame } from '../../../engine/wire/contract';
import { messagePort } from '../../../engine/wire/messagePort';
import { portPair } from '../../../engine/wire/portPair';

const ask: Frame = { tag: 'ask', id: 1, method: 'm', params: null };
const turn = () => new Promise((resolve) => setImmediate(resolve));

function channel() {
  const emitter = new EventEmitter();
  const posted: unknown[] = [];
  const port = messagePort({
    post: (message) => posted.push(message),
    subscribe: (listener) => {
      emitter.on('message', listener);
      return () => emitter.off('message', listener);
    },
  });
  return { emitter, posted, port };
}

test('a pair delivers in order and later', async () => {
  const [near, far] = portPair();
  const seen: number[] = [];
  far.onFrame((frame) => seen.push(frame.id));
  near.post(ask);
  near.post({ ...ask, id: 2 });
  assert.deepEqual(seen, []);
  await turn();
  assert.deepEqual(seen, [1, 2]);
});

test('closing one end of a pair ends both, once each', async () => {
  const [near, far] = portPair();
  const reasons: string[] = [];
  near.onClose((reason) => reasons.push(`near: ${reason}`));
  far.onClose((reason) => reasons.push(`far: ${reason}`));
  near.close();
  near.close();
  await turn();
  far.close();
  assert.deepEqual(reasons, ['near: The connection was closed.', 'far: The other side closed the connection.']);
});

test('a closed port is silent, and says so to those who ask late', async () => {
  const [near, far] = portPair();
  const seen: Frame[] = [];
  near.onFrame((frame) => seen.push(frame));
  near.close();
  far.post(ask);
  near.post(ask);
  await turn();
  assert.deepEqual(seen, []);
  let reason = '';
  near.onClose((text) => {
    reason = text;
  });
  assert.equal(reason, 'The connection was closed.');
});

test('a message port passes frames and ignores what is none', () => {
  const { emitter, posted, port } = channel();
  const seen: Frame[] = [];
  port.onFrame((frame) => seen.push(frame));
  for (const message of [
    null,
    7,
    'ask',
    {},
    { tag: 'ask' },
    { tag: 'shout', id: 1 },
    { vscodeScheduleAsyncUpdate: 1 },
  ]) {
    emitter.emit('message', message);
  }
  emitter.emit('message', ask);
  port.post(ask);
  assert.deepEqual(seen, [ask]);
  assert.deepEqual(posted, [ask]);
});

test('a closed message port stops listening', () => {
  const { emitter, port } = channel();
  port.close();
  assert.equal(emitter.listenerCount('message'), 0);
});
