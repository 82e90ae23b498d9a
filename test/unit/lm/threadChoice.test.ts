import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClearlyFaster, measureForward, threadsToTry } from '../../../engine/lm/threadChoice';
import { fakeForward } from '../../support/fakeForward';

test('small models, single cores and busy machines get one thread without measuring', () => {
  assert.equal(threadsToTry({ cores: 16, load: 0 }, 2e6), 1);
  assert.equal(threadsToTry({ cores: 1, load: 0 }, 1e9), 1);
  assert.equal(threadsToTry({ cores: 8, load: 7.5 }, 1e9), 1);
});

test('else half of the cores are compared with one, as far as they are free', () => {
  assert.equal(threadsToTry({ cores: 2, load: 0 }, 1e9), 2);
  assert.equal(threadsToTry({ cores: 12, load: 0.4 }, 1e9), 6);
  assert.equal(threadsToTry({ cores: 12, load: 9 }, 1e9), 3);
  assert.equal(threadsToTry({ cores: 128, load: 0 }, 1e9), 8);
  assert.ok(isClearlyFaster(70, 100) && !isClearlyFaster(80, 100));
});

test('measuring leaves the cache empty', async () => {
  const forward = fakeForward({ vocabSize: 8, hidesSlots: true });
  assert.ok((await measureForward(forward, [1, 2, 3])) > 0);
  assert.equal(forward.cache.length, 0);
  assert.deepEqual(forward.calls.slice(0, 3), [32, 1, 1]);
});
