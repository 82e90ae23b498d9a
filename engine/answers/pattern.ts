// Owns answers by a person's own pattern: `pattern:REGEX`, whose first group (or whole match) is the answer, first match first.
// Patterns that could run for ages are refused, and only the end of a long text is searched.
import { UserError } from '../domain/failure';
import { safePattern } from '../domain/safePattern';
import type { AnswerReader } from './answer';
import { answerIn } from './span';

export const patternPrefix = 'pattern:';
const longestText = 20_000;

/** @throws UserError for a pattern that does not compile or is refused */
export function patternReader(id: string): AnswerReader {
  const pattern = compile(id.slice(patternPrefix.length));
  return {
    id,
    title: `Pattern ${pattern.source}`,
    read(text) {
      const skipped = Math.max(0, text.length - longestText);
      const match = pattern.exec(skipped === 0 ? text : text.slice(skipped));
      const range = match?.indices?.[1] ?? match?.indices?.[0];
      return range ? answerIn(text, skipped + range[0], skipped + range[1]) : null;
    },
  };
}

function compile(source: string): RegExp {
  if (source === '')
    throw new UserError('The answer pattern is empty. Write it as pattern:REGEX, for example pattern:Final: (\\w+).');
  return safePattern(source, 'imd', 'The answer pattern');
}
