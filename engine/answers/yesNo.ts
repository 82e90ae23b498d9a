// Owns answers that are yes or no: stated as the answer, or the first word of the text.
import type { AnswerReader } from './answer';
import { lastMatch } from './span';

const stated = /\b(?:answer|verdict|decision)\b(?:\s+is)?[\s:=*_`]*\b(yes|no)\b/dgi;
const leading = /^[\s*_`#]*(yes|no)\b/dgi;
const lastLine = /(?:^|\n)[\s*_`#]*(yes|no)[\s.!*_`]*$/dgi;

export const yesNo: AnswerReader = {
  id: 'yes-no',
  title: 'Yes or no',
  read: (text) => lastMatch(text, stated) ?? lastMatch(text, lastLine) ?? lastMatch(text, leading),
};
