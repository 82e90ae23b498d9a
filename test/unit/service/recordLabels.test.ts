import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupingFields, recordLabels } from '../../../engine/service/recordLabels';

const options = ['approve', 'reject'];
const labels = (fields: Record<string, string | number | boolean | null>) => recordLabels({ fields }, options);

test('labels are read from the fields that evaluation tools write, whatever their case', () => {
  assert.deepEqual(labels({ correct: 'Approve', hint: 'reject', verbalized: true }), {
    correct: 'approve',
    hint: 'reject',
    verbalized: true,
  });
  assert.deepEqual(labels({ Target: ' reject ', mentions_hint: 'No' }), { correct: 'reject', verbalized: false });
  assert.deepEqual(recordLabels({ fields: { gold: 2, acknowledged: 1 } }, ['1', '2']), {
    correct: '2',
    verbalized: true,
  });
});

test('what is no option, and what says neither yes nor no, is left out', () => {
  assert.deepEqual(labels({ correct: true, target: 'maybe', label: 7, hint: null, verbalized: 'perhaps' }), {});
  assert.deepEqual(labels({ correct: false, target: 'approve' }), { correct: 'approve' });
});

test('fields that group examples have short names and short values, and are few', () => {
  const long = 'x'.repeat(81);
  assert.deepEqual(groupingFields({ fields: { topic: 'law', [long]: 'a', note: long, none: null, hard: false } }), {
    fields: { topic: 'law', hard: false },
  });
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`field ${at}`, at]));
  assert.equal(Object.keys(groupingFields({ fields: many }).fields ?? {}).length, 20);
  assert.deepEqual(groupingFields({ fields: { note: long } }), {});
});
