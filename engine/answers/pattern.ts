// Owns answers by a person's own pattern: `pattern:REGEX`, whose first group (or whole match) is the answer, first match first.
// Patterns that could run for ages are refused, and only the end of a long text is searched.
import { UserError } from '../domain/failure';
import type { AnswerReader } from './answer';
import { answerIn } from './span';

export const patternPrefix = 'pattern:';
const longestText = 20_000;
const mostUnbounded = 6;
/** A repeated group that repeats something inside: the shape that backtracks exponentially. */
const nestedRepeat = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;
const repeatedAlternatives = /\((?:[^()\\]|\\.)*\|(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;

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
  const unbounded = source.replace(/\\./g, '').match(/[+*]|\{\d+,\}/g)?.length ?? 0;
  if (
    nestedRepeat.test(source) ||
    repeatedAlternatives.test(source) ||
    unbounded > mostUnbounded ||
    /\\[1-9]/.test(source)
  ) {
    throw new UserError(
      `The answer pattern ${source} could take very long on some texts. Repeat single characters or classes, not groups.`,
    );
  }
  try {
    return new RegExp(source, 'imd');
  } catch (error) {
    throw new UserError(`The answer pattern does not compile: ${error instanceof Error ? error.message : source}`);
  }
}
