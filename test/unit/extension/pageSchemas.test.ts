import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../engine/domain/failure';
import { mostChosen, wholeFile } from '../../../engine/domain/traceList';
import { parseSwapWords } from '../../../extension/features/swapWords';
import {
  decode,
  examplesSchema,
  intentSchema,
  readingSchema,
  rowsSchema,
  traceIntentSchema,
} from '../../../extension/host/pageSchemas';

const run = '20260102-030405-1a2b3c';
const target = { run, example: 'ab12', condition: 'cd34' };

test('what the contract allows arrives as it was sent', () => {
  const words = { example: 'ab12', range: { start: 3, end: 9, quote: 'income' } };
  const annotate = { do: 'annotate', run, target: { ...target, sample: 0 }, label: 'post-hoc', note: 'why?' };
  for (const intent of [{ do: 'startRun' }, { do: 'openDiff', ...target }, annotate, { ...annotate, target: words }]) {
    assert.deepEqual(decode(intentSchema, intent), intent);
  }
  const query = { run, condition: 'cd34', show: 'flipped', offset: 0, limit: 200 };
  assert.deepEqual(decode(rowsSchema, query), query);
});

test('whatever else a page sends is refused', () => {
  const hostile: unknown[] = [
    null,
    'startRun',
    { do: 'format' },
    { do: 'openReport', run: '../../etc/passwd' },
    { do: 'openReport' },
    { do: 'openDiff', ...target, example: '' },
    { do: 'annotate', run, target: { ...target, sample: -1 }, label: null, note: '' },
    { do: 'annotate', run, target: { ...target, sample: 0 }, label: null, note: 'x'.repeat(20_001) },
    { do: 'annotate', run, target: { example: 'ab12', range: { start: 0, end: 1 } }, label: null, note: '' },
  ];
  for (const intent of hostile) assert.throws(() => decode(intentSchema, intent), UserError, JSON.stringify(intent));
  for (const query of [
    { run, offset: 0, limit: 201 },
    { run, offset: 0.5, limit: 1 },
    { run, show: 'some', offset: 0, limit: 1 },
  ]) {
    assert.throws(() => decode(rowsSchema, query), UserError, JSON.stringify(query));
  }
});

test('the page of a trace editor asks for what its contract allows, and for no file', () => {
  const query = {
    words: 'a',
    place: 'prompt',
    filters: [
      { by: 'answer', option: 'yes' },
      { by: 'field', name: 'level', value: null },
      { by: 'flaw', flaw: 'opaque' },
    ],
    order: { by: 'field', name: 'level', descending: true },
  } as const;
  const asked = { query, offset: 0, limit: 200 };
  assert.deepEqual(decode(examplesSchema, asked), asked);
  for (const at of [{ index: 0 }, { line: 1 }])
    assert.deepEqual(decode(traceIntentSchema, { do: 'openRaw', at }), { do: 'openRaw', at });
  assert.deepEqual(decode(traceIntentSchema, { do: 'reload', file: '/etc/passwd' }), { do: 'reload' });
  const many = Array.from({ length: mostChosen + 1 }, (_, at) => at);
  for (const hostile of [
    { do: 'copyExamples', indexes: [] },
    { do: 'copyExamples', indexes: many },
    { do: 'rerunExamples', indexes: [-1] },
    { do: 'openRaw', at: { line: 0 } },
    { do: 'openRaw', at: {} },
    { do: 'openSource', run },
  ]) {
    assert.throws(() => decode(traceIntentSchema, hostile), UserError, JSON.stringify(hostile).slice(0, 80));
  }
  assert.throws(() => decode(examplesSchema, { query: wholeFile, offset: 0, limit: 201 }), UserError);
  assert.throws(
    () => decode(examplesSchema, { query: { ...wholeFile, place: 'disk' }, offset: 0, limit: 1 }),
    UserError,
  );
  assert.throws(() => decode(readingSchema, { index: 1 }), UserError);
});

test('a swap is typed as two words, with or without a name', () => {
  assert.deepEqual(parseSwapWords(' American : Canadian '), { attribute: 'words', a: 'American', b: 'Canadian' });
  assert.deepEqual(parseSwapWords('sex=a woman:a man'), { attribute: 'sex', a: 'a woman', b: 'a man' });
  for (const text of ['', 'American', 'a:a', ':b', 'a:', 'a:b:c']) assert.equal(parseSwapWords(text), null, text);
});
