// Owns regular expressions that people write: those that could run for ages on some text are refused. Must not know what they look for.
import { UserError } from './failure';

const mostUnbounded = 6;
/** A pattern that a person wrote is a line; what goes on is looked at by nobody. */
const longestSource = 1000;

/** Escapes, classes, beginnings and ends of groups, quantifiers, alternatives, and every other character. */
const token = /\\.|\[(?:[^\]\\]|\\.)*\]|\(|\)|[+*?]|\{\d+(?:,\d*)?\}|\||./gs;

/** Whether a group is repeated that itself repeats or chooses, however deep inside: the shape that backtracks exponentially. */
function repeatsRepeats(source: string): boolean {
  // A group's `?:` or `?=` is no quantifier.
  const tokens = source.replace(/\(\?(?:[:=!]|<[=!])/g, '(').match(token) ?? [];
  /** Of each open group, whether it can match in several ways. */
  const groups: boolean[] = [];
  for (const [i, one] of tokens.entries()) {
    if (one === '(') groups.push(false);
    const isInside = one === ')' ? (groups.pop() ?? false) : /^(?:[+*?|]|\{\d+,\d*\})$/.test(one);
    if (one === ')' && isInside && /^(?:[+*]|\{\d)/.test(tokens[i + 1] ?? '')) return true;
    if (isInside && groups.length > 0) groups[groups.length - 1] = true;
  }
  return false;
}

/**
 * @param what whose pattern it is, to begin a sentence with: `The answer pattern`
 * @throws UserError for a pattern that does not compile or is refused
 */
export function safePattern(source: string, flags: string, what: string): RegExp {
  const unbounded = source.replace(/\\./g, '').match(/[+*]|\{\d+,\}/g)?.length ?? 0;
  const isSlow = source.length > longestSource || repeatsRepeats(source) || unbounded > mostUnbounded;
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
