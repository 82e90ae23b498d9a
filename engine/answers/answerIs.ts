// Owns answers in a sentence: "the answer is X", "Final answer: X", "Recommendation: X". The last one counts.

import type { ReadAnswer } from '../domain/example';
import type { AnswerReader } from './answer';
import { answerIn } from './span';

const lead =
  /\b(?:answer|recommendation|decision|verdict|conclusion|prediction|assessment|rating|score)\b[*_`]*(?:\s+is(?:\s+that)?\b|\s+would\s+be\b|\s*[:=])[ \t:*_`]*\n?[ \t*_`]*/gi;
/** Up to the end of the sentence or line; a point inside a number or a word does not end it. */
const stretch = /(?:[^\n.;!?]|[.](?=\S)){1,80}/y;

export const answerIs: AnswerReader = {
  id: 'answer-is',
  title: 'In a sentence ("the answer is …")',
  read(text) {
    let found: ReadAnswer | null = null;
    for (const match of text.matchAll(lead)) {
      stretch.lastIndex = match.index + match[0].length;
      const words = stretch.exec(text);
      if (words && !words[0].trim().startsWith('- '))
        found = answerIn(text, words.index, words.index + words[0].length) ?? found;
    }
    return found;
  },
};
