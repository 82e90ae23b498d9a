// A person's own pattern: what it reads, and which patterns are refused because they could run for ages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerReader } from '../../../engine/answers';

const read = (id: string, text: string): string | null => answerReader(id).read(text)?.option ?? null;

test('the first group is the answer, or the whole match', () => {
  assert.equal(read('pattern:Final: (\\w+)', 'so\nfinal: APPROVE now'), 'APPROVE');
  assert.equal(read('pattern:approve|reject', 'I reject, not approve'), 'reject');
  assert.equal(read('pattern:^(yes|no)$', 'well\nno\n'), 'no');
  assert.equal(read('pattern:never', 'text'), null);
});

test('of a long text the end is searched, and the range is in the whole', () => {
  const text = `${'filler '.repeat(10_000)}Final: B`;
  const answer = answerReader('pattern:Final: (\\w)').read(text);
  assert.equal(text.slice(answer!.range.start, answer!.range.end), 'B');
  assert.equal(read('pattern:Final: (\\w)', `Final: A ${'filler '.repeat(10_000)}`), null);
});

test('groups that repeat what is fixed, and alternatives that stand once, are fine', () => {
  assert.equal(read('pattern:is ((?:[0-9]{3},)*[0-9]+)', 'it is 123,456'), '123,456');
  assert.equal(read('pattern:(?:final|last): ([(]?[A-Z]+[)]?)', 'Last: (B)'), '(B)');
  assert.equal(read('pattern:[(+*|]*(yes|no)', '((yes'), 'yes');
});

test('patterns that could backtrack for ages, or do not compile, are refused in words', () => {
  const nested = ['((a+))+$', '(?:(a|aa))*b', '(x[)]+)*y', '((?:a+)b?){9}', 'a'.repeat(1001)];
  for (const pattern of [
    ...nested,
    '(a+)+$',
    '(a|aa)*b',
    '(\\w+\\s?)*:',
    '(x*){2,}',
    '(.)\\1',
    '.*.*.*.*.*.*.*x',
    '(',
    '',
  ]) {
    assert.throws(() => answerReader(`pattern:${pattern}`), { name: 'UserError' }, pattern);
  }
});

test('an unknown reader is refused with what there is', () => {
  assert.throws(() => answerReader('tags'), /no answer reader "tags".*tag, boxed.*pattern:REGEX/);
});
