// Owns answers that are all of the text: a word or a short phrase on one line.
import type { AnswerReader } from './answer';
import { answerIn } from './span';

const longest = 40;
const mostWords = 5;

export const whole: AnswerReader = {
  id: 'whole',
  title: 'The whole text, when it is short',
  read(text) {
    const answer = answerIn(text, 0, text.length);
    if (!answer || answer.option.length > longest || /[\n{[<]/.test(answer.option)) return null;
    return answer.option.split(/\s+/).length > mostWords ? null : withoutPoint(answer);
  },
};

function withoutPoint(answer: {
  readonly option: string;
  readonly range: { readonly start: number; readonly end: number };
}) {
  if (!/[^.]\.$/.test(answer.option)) return answer;
  return { option: answer.option.slice(0, -1), range: { start: answer.range.start, end: answer.range.end - 1 } };
}
