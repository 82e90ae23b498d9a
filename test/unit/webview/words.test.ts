import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noPromptEdit } from '../../../engine/domain/condition';
import { promptEditWords, traceEditTitle, traceEditWords } from '../../../webview/ui/conditionWords';
import { markReplacements } from '../../../webview/ui/markedText';

test('a trace edit is named by its preset, or by what it keeps', () => {
  const half = { id: 'half-truncated', keep: { unit: 'fraction', value: 0.5 }, close: 'open' } as const;
  assert.equal(traceEditTitle(half), 'half-truncated');
  assert.equal(traceEditWords(half), 'half kept, left open');
  assert.equal(
    traceEditTitle({ id: 'keep', keep: { unit: 'fraction', value: 0.7 }, close: 'closed' }),
    '70% kept, closed',
  );
  assert.equal(
    traceEditWords({ id: 'x', keep: { unit: 'fraction', value: 0 }, close: 'open' }),
    'nothing kept, left open',
  );
  assert.equal(traceEditWords({ id: 'x', keep: { unit: 'steps', value: 3 }, close: 'closed' }), '3 steps kept, closed');
});

test('a swap is put into words, no swap into none', () => {
  const traceEdit = { id: 'frozen', keep: { unit: 'fraction', value: 1 }, close: 'closed' } as const;
  const swap = { id: 'swap', params: { attribute: 'nationality', a: 'American', b: 'Canadian' } };
  assert.equal(promptEditWords({ promptEdit: swap, traceEdit, readout: 'forced' }), 'nationality: American / Canadian');
  assert.equal(promptEditWords({ promptEdit: noPromptEdit, traceEdit, readout: 'forced' }), '');
});

test('replacements are marked where they stand, in order, whatever their order', () => {
  const text = 'An American and a Canadian.';
  const parts = markReplacements(text, [
    { start: 18, end: 26, was: 'Canadian', is: 'American' },
    { start: 3, end: 11, was: 'American', is: 'Canadian' },
  ]);
  assert.deepEqual(parts, [
    { kind: 'text', text: 'An ' },
    { kind: 'replaced', was: 'American', is: 'Canadian' },
    { kind: 'text', text: ' and a ' },
    { kind: 'replaced', was: 'Canadian', is: 'American' },
    { kind: 'text', text: '.' },
  ]);
  assert.deepEqual(markReplacements(text, []), [{ kind: 'text', text }]);
});
