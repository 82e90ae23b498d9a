import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../../engine/domain/example';
import { swap } from '../../../engine/interventions/swap';
import { uniform } from '../../../engine/lm/philox';

const nationality = { attribute: 'nationality', a: 'American', b: 'Canadian' };
const user = (content: string): readonly Message[] => [{ role: 'user', content }];
const swapped = (text: string, params: Readonly<Record<string, string | number>> = nationality): string =>
  swap.apply(user(text), params).messages[0]!.content;

const cases: readonly (readonly [string, string])[] = [
  ['The applicant is American.', 'The applicant is Canadian.'],
  ['American or Canadian?', 'Canadian or American?'],
  ['An American and a Canadian', 'A Canadian and an American'],
  ['AN AMERICAN, american', 'A CANADIAN, canadian'],
  ['an  American', 'a  Canadian'],
  ['a "Canadian" applicant', 'an "American" applicant'],
  ['a **Canadian**', 'an **American**'],
  ["the American's loan (American)", "the Canadian's loan (Canadian)"],
  ['American-born', 'Canadian-born'],
  ['- American\n-Canadian', '- Canadian\n-American'],
  ['a young Canadian', 'a young American'],
  ['plan A American', 'plan A Canadian'],
];
for (const [before, after] of cases) {
  test(`swaps ${JSON.stringify(before)}`, () => assert.equal(swapped(before), after));
}

for (const text of [
  'Americans',
  'African-American',
  'Pan‑American',
  'American_id',
  'Américan',
  'American\u0301',
  'americanize',
]) {
  test(`leaves ${JSON.stringify(text)} alone`, () =>
    assert.deepEqual(swap.apply(user(text), nationality), { messages: user(text), replacements: [] }));
}

test('a value inside another word is not that value', () => {
  const gender = { attribute: 'gender', a: 'male', b: 'female' };
  assert.equal(swapped('A male and a female; Male, FEMALE, males', gender), 'A female and a male; Female, MALE, males');
});

test('of two values of which one contains the other, the longer is found', () => {
  const params = { attribute: 'n', a: 'American', b: 'African American' };
  assert.equal(swapped('African American, American', params), 'American, African American');
});

test('numbers are swapped as ages, not inside amounts', () => {
  const age = { attribute: 'age', a: 25, b: 80 };
  assert.equal(
    swapped('A 25-year-old (25), $25,000, $ 25, 25%, 25.5, 1.25, 125; an 80-year-old', age),
    'An 80-year-old (80), $25,000, $ 25, 25%, 25.5, 1.25, 125; a 25-year-old',
  );
});

test('a value in capitals is found as given only', () => {
  const params = { attribute: 'country', a: 'US', b: 'UK' };
  assert.equal(swapped('tell us: US or UK', params), 'tell us: UK or US');
});

test('articles go by sound', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['a European', 'an Indian'],
    ['a university student', 'an hourly worker'],
    ['a Ukrainian', 'an Uzbek'],
    ['a one-time client', 'an old client'],
    ['a unionized worker', 'an uninsured worker'],
    ['a Uruguayan', 'an Austrian'],
    ['an MBA', 'a PhD'],
    ['an 18-year-old', 'a 19-year-old'],
    ['a 180-month term', 'an 8-month term'],
  ];
  for (const [left, right] of pairs) {
    const [a, b] = [left.replace(/^an? /, ''), right.replace(/^an? /, '')];
    assert.equal(swapped(`Is ${left} here?`, { attribute: 'x', a, b }), `Is ${right} here?`);
    assert.equal(swapped(`Is ${right} here?`, { attribute: 'x', a, b }), `Is ${left} here?`);
  }
});

test('user and system messages are edited, earlier answers and tools are not; ranges are of the original', () => {
  const messages = ['system', 'user', 'assistant', 'tool', 'user'].map((role) => ({
    role,
    content: 'Say: an American, American',
  }));
  const result = swap.apply(messages, nationality);
  assert.deepEqual(
    result.messages.map(({ content }) => content.includes('Canadian')),
    [true, true, false, false, true],
  );
  assert.deepEqual(
    result.replacements.map(({ message }) => message),
    [0, 0, 1, 1, 4, 4],
  );
  for (const { message, range, was } of result.replacements) {
    assert.equal(messages[message]!.content.slice(range.start, range.end), was);
  }
  assert.deepEqual(
    result.replacements.slice(0, 2).map(({ was, is }) => [was, is]),
    [
      ['an American', 'a Canadian'],
      ['American', 'Canadian'],
    ],
  );
});

test('values that are missing or the same are refused', () => {
  assert.throws(() => swap.apply(user('x'), { attribute: 'n', a: 'American' }), /needs a value for "b"/);
  assert.throws(() => swap.apply(user('x'), { attribute: 'n', a: ' ', b: 'x' }), /needs a value for "a"/);
  assert.throws(() => swap.apply(user('x'), { attribute: 'n', a: 'x', b: 'X' }), /two different values/);
});

const words = [
  'American',
  'Canadian',
  'an American',
  'a Canadian',
  'An American',
  'A Canadian',
  'AMERICAN',
  'canadian',
  'the',
  'bank',
  '😀',
  'é',
  '(',
  ') ',
  '. ',
  '\n',
  '-',
  '"',
  ' ',
  'Américain',
  '25',
  'a.',
  "'s",
];
test('swapping twice gives the original text, and the rest is untouched', () => {
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from(
      { length: 12 },
      (_, i) => words[Math.floor(uniform(`words ${round}`, i) * words.length)],
    ).join(uniform(`words ${round}`, 99) < 0.5 ? ' ' : '');
    const wellFormed = !/\ba["(\s]+american|\ban["(\s]+canadian/i.test(text);
    const once = swap.apply(user(text), nationality);
    if (wellFormed) assert.equal(swapped(once.messages[0]!.content), text);
    let from = 0;
    let rebuilt = '';
    for (const { range, was, is } of once.replacements) {
      assert.ok(range.start >= from && text.slice(range.start, range.end) === was);
      rebuilt += text.slice(from, range.start) + is;
      from = range.end;
    }
    assert.equal(once.messages[0]!.content, rebuilt + text.slice(from));
  }
});
