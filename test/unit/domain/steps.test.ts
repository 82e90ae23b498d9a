import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepsOf } from '../../../engine/domain/steps';

const texts = (text: string): string[] => stepsOf(text).map(({ start, end }) => text.slice(start, end));

test('sentences and lines are steps', () => {
  assert.deepEqual(texts('One. Two!\nThree\n\nFour? "Five." Six'), [
    'One. ',
    'Two!\n',
    'Three\n\n',
    'Four? ',
    '"Five." ',
    'Six',
  ]);
});

test('abbreviations, initials, numbers and list markers end no sentence', () => {
  assert.deepEqual(texts('Dr. Lee, e.g. J. Roe, owes 3.5 or $1.25. Yes.'), [
    'Dr. Lee, e.g. J. Roe, owes 3.5 or $1.25. ',
    'Yes.',
  ]);
  assert.deepEqual(texts('1. First thing.\n2. Second.'), ['1. First thing.\n', '2. Second.']);
});

test('ideographic sentences need no space', () => {
  assert.deepEqual(texts('一つ。二つ！三つ'), ['一つ。', '二つ！', '三つ']);
});

test('steps cover the text without gaps, white space at its start included', () => {
  for (const text of ['\n\nA. B.\n', '  x', 'a.  \n  b', '...\nWait… no.', 'One.\r\nTwo.\r\n', '\n']) {
    const steps = stepsOf(text);
    if (text.trim() === '') assert.deepEqual(steps, []);
    else assert.equal(texts(text).join(''), text);
    for (const [i, step] of steps.entries()) assert.equal(step.start, steps[i - 1]?.end ?? 0);
    for (const words of texts(text)) assert.notEqual(words.trim(), '');
  }
});
