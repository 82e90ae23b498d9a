// Owns regular expressions that people write: those that could run for ages on some text are refused. Must not know what they look for.
import { UserError } from './failure';

const mostUnbounded = 6;
/** A repeated group that repeats something inside: the shape that backtracks exponentially. */
const nestedRepeat = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d+,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;
const repeatedAlternatives = /\((?:[^()\\]|\\.)*\|(?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,\d*\})/;

/**
 * @param what whose pattern it is, to begin a sentence with: `The answer pattern`
 * @throws UserError for a pattern that does not compile or is refused
 */
export function safePattern(source: string, flags: string, what: string): RegExp {
  const unbounded = source.replace(/\\./g, '').match(/[+*]|\{\d+,\}/g)?.length ?? 0;
  const isSlow = nestedRepeat.test(source) || repeatedAlternatives.test(source) || unbounded > mostUnbounded;
  if (isSlow || /\\[1-9]/.test(source)) {
    throw new UserError(
      `${what} ${source} could take very long on some texts. Repeat single characters or classes, not groups.`,
    );
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new UserError(`${what} does not compile: ${error instanceof Error ? error.message : source}`);
  }
}
