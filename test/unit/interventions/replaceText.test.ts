import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceText } from '../../../engine/interventions/replaceText';

const messages = [{ role: 'user', content: 'a.b a.b axb' }];

test('replaces every occurrence letter for letter, and says where', () => {
  const { messages: edited, replacements } = replaceText.apply(messages, { find: 'a.b', with: '$1' });
  assert.equal(edited[0]!.content, '$1 $1 axb');
  assert.deepEqual(replacements, [
    { message: 0, range: { start: 0, end: 3 }, was: 'a.b', is: '$1' },
    { message: 0, range: { start: 4, end: 7 }, was: 'a.b', is: '$1' },
  ]);
});

test('nothing in its place is a deletion; nothing found is no replacement', () => {
  assert.equal(replaceText.apply(messages, { find: ' a.b' }).messages[0]!.content, 'a.b axb');
  assert.deepEqual(replaceText.apply(messages, { find: 'none', with: 'x' }), { messages, replacements: [] });
});

test('an empty search and a replacement by itself are refused', () => {
  assert.throws(() => replaceText.apply(messages, { find: '', with: 'x' }), /needs a value for "find"/);
  assert.throws(() => replaceText.apply(messages, { find: 'a', with: 'a' }), /with itself/);
});

test('a pattern finds what differs between prompts; one that could run for ages is refused', () => {
  const hinted = [{ role: 'user', content: 'I think it is (B).\nWhich?\nI think it is (C).' }];
  const params = { find: 'I think it is \\([A-D]\\)\\.', with: '', as: 'pattern' };
  const { messages: edited, replacements } = replaceText.apply(hinted, params);
  assert.equal(edited[0]!.content, '\nWhich?\n');
  assert.deepEqual(
    replacements.map(({ was }) => was),
    ['I think it is (B).', 'I think it is (C).'],
  );
  assert.deepEqual(replaceText.apply(hinted, { ...params, find: 'x*' }).replacements, []);
  assert.throws(() => replaceText.apply(hinted, { ...params, find: '(a+)+' }), /pattern to replace .* very long/);
  assert.throws(() => replaceText.apply(hinted, { ...params, find: '(' }), /does not compile/);
});
