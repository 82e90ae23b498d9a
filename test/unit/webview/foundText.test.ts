// Words that were searched for, marked where the search found them, in texts of any kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsPattern } from '../../../engine/domain/traceList';
import { foundText } from '../../../webview/ui/foundText';

/** The text again, with what is marked in brackets. */
const marked = (text: string, words: string): string =>
  foundText(text, words)
    .map((part) => (typeof part === 'string' ? part : `[${part.values.join('')}]`))
    .join('');

test('every place is marked as it is written, whatever the case, and nothing is lost', () => {
  assert.equal(marked('So, so it is. sO.', 'so'), '[So], [so] it is. [sO].');
  assert.equal(marked('(a+b)* costs $5', '+B)*'), '(a[+b)*] costs $5');
  assert.equal(marked('a 😀 b', '😀'), 'a [😀] b');
  assert.equal(marked('nothing', 'x'), 'nothing');
  assert.equal(marked('no words', ''), 'no words');
});

test('what is marked is what a search finds', () => {
  for (const words of ['a', '\\', '[', '^x$', 'ÄÖ', '\ud800']) {
    const text = `before ${words} after`;
    assert.ok(text.search(wordsPattern(words)!) >= 0, words);
    assert.notEqual(marked(text, words), text);
  }
});

test('a text full of the words is marked only at its start', () => {
  assert.ok(foundText('x'.repeat(100_000), 'x').length < 2000);
});
