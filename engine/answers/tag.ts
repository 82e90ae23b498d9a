// Owns answers between tags: <recommendation>…</recommendation>, <answer>…</answer> and their like.
import type { AnswerReader } from './answer';
import { answerIn } from './span';

const names =
  'recommendation|answer|final_answer|final|decision|verdict|prediction|label|choice|judgment|judgement|result|output';
/** Bounded, so that a text full of opening tags is read in linear time. */
const pattern = new RegExp(`<(${names})>([^]{0,1000}?)</\\1>`, 'gid');

export const tag: AnswerReader = {
  id: 'tag',
  title: 'Between tags (<recommendation>, <answer>, …)',
  read(text) {
    for (const match of text.matchAll(pattern)) {
      const range = match.indices?.[2];
      const answer = range ? answerIn(text, range[0], range[1]) : null;
      if (answer) return answer;
    }
    return null;
  },
};
