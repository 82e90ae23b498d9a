// Owns answers that are a letter of a multiple-choice question.
import type { AnswerReader } from './answer';
import { lastMatch } from './span';

const alone = /^[\s*_`]*\(?([A-Z])\)?[.:)]?[\s*_`]*$/dg;
/** The article in "the answer is A reason" is no letter: a word behind it rules it out. */
const stated =
  /\b(?:[Aa]nswer|ANSWER|[Oo]ption|OPTION|[Cc]hoice|CHOICE)\b(?:\s+(?:is|would be|should be))?[\s:=*_`]*(?:option\s+)?\(?\b([A-Z])\b(?!['’]|\s+[a-z])/dg;
const leading = /^[\s*_`]*\(?([A-Z])[).:](?=\s)/dg;

export const choice: AnswerReader = {
  id: 'choice',
  title: 'Letter of a choice (A, B, C, …)',
  read: (text) => lastMatch(text, alone) ?? lastMatch(text, stated) ?? lastMatch(text, leading),
};
