import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionId } from '../../../engine/domain/ids';
import { isSwitched } from '../../../webview/views/blindView';

test('sides are switched for about half of the examples, and always alike for the same one', () => {
  const sample = { condition: conditionId('0f3c'), sample: 0 };
  const switched = Array.from({ length: 2000 }, (_, n) => isSwitched(`example-${n}`, sample));
  const share = switched.filter(Boolean).length / switched.length;
  assert.ok(share > 0.45 && share < 0.55, String(share));
  assert.equal(isSwitched('example-7', sample), switched[7]);
});
