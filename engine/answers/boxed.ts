// Owns answers in \boxed{…}: the last one counts, braces inside it balance.
import type { AnswerReader } from './answer';
import { answerIn } from './span';

/** Answers are short; without a bound, a text full of open braces would take quadratic time. */
const longest = 1000;
const opening = /\\(?:boxed|fbox)\s*\{/g;

export const boxed: AnswerReader = {
  id: 'boxed',
  title: 'In \\boxed{…}',
  read(text) {
    const starts = [...text.matchAll(opening)].map((match) => match.index + match[0].length);
    for (const start of starts.reverse()) {
      const end = closingBrace(text, start);
      const answer = end === null ? null : answerIn(text, start, end);
      if (answer) return answer;
    }
    return null;
  },
};

function closingBrace(text: string, start: number): number | null {
  let depth = 1;
  for (let at = start; at < Math.min(text.length, start + longest); at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return null;
}
