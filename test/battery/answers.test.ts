// Every answer reader of the table: what it reads, and that its range covers exactly those words. A reader without cases fails.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answers } from '../../engine/answers';

type Case = readonly [text: string, option: string | null];

const cases: Readonly<Record<string, readonly Case[]>> = {
  tag: [
    ['\n\n<recommendation>\napprove\n</recommendation>', 'approve'],
    ['<Answer> **B** </Answer> more', 'B'],
    ['<answer></answer><answer>second</answer>', 'second'],
    ['<answer>x < y</answer>', 'x < y'],
    ['<recommendation>\nappro', null],
    ['the <answer> is unclear', null],
  ],
  boxed: [
    ['so \\boxed{12} or rather \\boxed{\\frac{1}{2}}.', '\\frac{1}{2}'],
    ['\\boxed{ 7 } \\boxed{cut off', '7'],
    ['\\boxed{\\}}', '\\}'],
    ['boxed 12', null],
  ],
  json: [
    ['```json\n{"why": "x", "answer": "approve"}\n```', 'approve'],
    ['{"answer": "a"} {"decision":"b"}', 'b'],
    ['{"score": 7.5}', '7.5'],
    ['{"answer": ', null],
  ],
  choice: [
    ['ANSWER: C', 'C'],
    ['The correct answer is (B).', 'B'],
    ['First the answer is A. No, the answer is **D**', 'D'],
    [' (e) ', null],
    ['(E)', 'E'],
    ['The answer is A good one', null],
  ],
  'yes-no': [
    ['Yes, it is.', 'Yes'],
    ['I thought about it.\n\n**No**', 'No'],
    ['Final answer: yes', 'yes'],
    ['Yesterday', null],
  ],
  rating: [
    ['# Evaluation: **7/10** of 9/10', '7/10'],
    ['I would say 6.5/10.', '6.5/10'],
    ['a solid 8 out of 10', '8 out of 10'],
    ['on 2024/10/05', null],
  ],
  'answer-is': [
    ['So the final answer is approve.', 'approve'],
    ['**Recommendation:** reject', 'reject'],
    ['answer: 3.5 km. Done', '3.5 km'],
    ['Answer: one\nAnswer: two', 'two'],
    ['## Assessment:\n\n**Strengths:** many', null],
  ],
  whole: [
    ['\napprove\n', 'approve'],
    ['Paris.', 'Paris'],
    ['This is a whole sentence of prose.', null],
    ['{"a": 1}', null],
    ['', null],
  ],
  number: [
    ['That makes 12 apples.', '12'],
    ['work\n#### 1,234', '1,234'],
    ['It costs $1,250.50.', '$1,250.50'],
    ['on 2024-02-02', null],
    ['no digits', null],
  ],
};

test('every reader of the table has cases', () => {
  assert.deepEqual(Object.keys(cases).sort(), answers.map((reader) => reader.id).sort());
});

for (const reader of answers) {
  for (const [text, option] of cases[reader.id] ?? []) {
    test(`${reader.id} reads ${JSON.stringify(option)} in ${JSON.stringify(text)}`, () => {
      const answer = reader.read(text);
      assert.equal(answer?.option ?? null, option);
      if (answer) assert.equal(text.slice(answer.range.start, answer.range.end), answer.option);
    });
  }

  test(`${reader.id} reads a long text in no time and never beyond it`, () => {
    for (const piece of ['answer: ', '<answer>', '\\boxed{', '"answer": "', '(A) ', '1,2/', '*_` ', 'yes no ']) {
      const text = piece.repeat(20_000);
      const startedAt = performance.now();
      const answer = reader.read(text);
      assert.ok(performance.now() - startedAt < 2000, `took ${performance.now() - startedAt} ms on ${piece}`);
      if (answer) assert.equal(text.slice(answer.range.start, answer.range.end), answer.option);
    }
  });
}
