// The guess which answer reader suits a file, and the options learned from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerSurvey, type SurveyResult } from '../../../engine/service/answerSurvey';

function survey(rows: readonly (readonly [text: string, stated?: string])[], wanted = 'auto'): SurveyResult {
  const found = new AnswerSurvey(wanted);
  for (const [text, stated] of rows) found.add(text, stated ?? null);
  return found.result();
}

const decision = (word: string): string => `\n\n<recommendation>\n${word}\n</recommendation>`;

test('the most telling reader that reads nearly all wins; options by frequency, spelled as most are', () => {
  const rows = ['approve', 'Approve', 'approve', ' REJECT', 'reject', 'reject', 'reject', 'approve', 'approve'];
  const { reader, read, options } = survey([...rows.map((word) => [decision(word)] as const), ['cut off']]);
  assert.deepEqual([reader.id, read, options], ['tag', 9, ['approve', 'reject']]);
});

test('where records state their answer, the reader that agrees wins over one that reads more', () => {
  const rows = Array.from({ length: 20 }, (_, index) => {
    const letter = 'ABCD'[index % 4]!;
    return [`<answer>see below</answer>\nThe answer is (${letter}).`, letter] as const;
  });
  const { reader, options } = survey(rows);
  assert.deepEqual([reader.id, [...options].sort()], ['choice', ['A', 'B', 'C', 'D']]);
});

test('many different answers are no options', () => {
  const rows = Array.from({ length: 40 }, (_, index) => [`\\boxed{${index}}`] as const);
  assert.deepEqual(survey(rows).options, []);
});

test('rare slips among many do not hide the options', () => {
  const rows = Array.from({ length: 3000 }, (_, index) =>
    decision(index < 1480 ? 'approve' : index < 2960 ? 'reject' : `slip ${index}`),
  );
  assert.deepEqual(survey(rows.map((text) => [text] as const)).options, ['approve', 'reject']);
});

test('a reader that was asked for is used, even where it reads nothing', () => {
  const { reader, read, options } = survey([[decision('approve')]], 'boxed');
  assert.deepEqual([reader.id, read, options], ['boxed', 0, []]);
});

test('letters that prompts offer are options, too, when answers are letters', () => {
  const offered = (): readonly string[] => ['A', 'B', 'C', 'D'];
  const letters = new AnswerSurvey('auto');
  for (const letter of ['D', 'A', 'D']) letters.add(`The answer is ${letter}.`, null, offered);
  assert.deepEqual(letters.result().options, ['D', 'A', 'B', 'C']);
  const words = new AnswerSurvey('auto');
  for (const word of ['approve', 'reject']) words.add(decision(word), null, offered);
  assert.deepEqual(words.result().options, ['approve', 'reject']);
});
