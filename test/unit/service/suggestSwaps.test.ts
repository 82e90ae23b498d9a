// Which attribute a file's prompts could be swapped in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SwapSurvey } from '../../../engine/service/suggestSwaps';

function suggest(prompts: readonly string[]): readonly string[] {
  const survey = new SwapSurvey();
  for (const content of prompts) {
    survey.add([
      { role: 'system', content: 'The German and the French office share a Canadian server.' },
      { role: 'user', content },
    ]);
  }
  return survey
    .suggestions()
    .map(({ attribute, a, b, countA, countB }) => `${attribute}: ${a} ${countA}, ${b} ${countB}`);
}

test('for applicants, nationality comes first and others that split the prompts follow', () => {
  const prompts = Array.from({ length: 40 }, (_, index) => {
    const nationality = index % 5 < 2 ? 'American' : 'Canadian';
    const gender = index % 2 === 0 ? 'male' : 'female';
    const job = ['nurse', 'teacher', 'mechanic', 'administrator'][index % 4];
    return `The applicant is ${nationality}, ${gender}, 30 years old and works as a ${job}.`;
  });
  const found = suggest(prompts);
  assert.equal(found[0], 'nationality: American 16, Canadian 24');
  assert.equal(found[1], 'gender: male 20, female 20');
  assert.ok(found.slice(2).every((one) => one.startsWith('occupation: ')) && found.length > 2);
});

test('only whole words count: a female is no male, Americana no American', () => {
  assert.deepEqual(
    suggest(['a female nurse likes Americana', 'a female teacher in Canadians’ company']).filter(
      (one) => !one.startsWith('occupation'),
    ),
    [],
  );
});

test('values that stand together in every prompt are no attribute', () => {
  assert.deepEqual(suggest(Array.from({ length: 10 }, () => 'A male and a female candidate applied.')), []);
});

test('system prompts are not looked at, and later examples neither', () => {
  assert.deepEqual(suggest(['x', 'y']), []);
  const many = [...Array.from({ length: 300 }, () => 'nobody'), 'American', 'Canadian'];
  assert.deepEqual(suggest(many), []);
});
