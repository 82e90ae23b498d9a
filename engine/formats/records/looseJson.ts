// Owns parsing JSON as tools really write it: exact where it is well formed, and with NaN, Infinity and trailing commas forgiven.
// Strings are never touched. Must not know what the values mean.
import { UserError } from '../../domain/failure';

const bare: readonly (readonly [string, string])[] = [
  ['-Infinity', 'null'],
  ['Infinity', 'null'],
  ['NaN', 'null'],
];

/**
 * The value; bare NaN and Infinity become `null`.
 * @throws UserError with the parser's reason
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const repaired = repair(text);
    try {
      if (repaired !== null) return JSON.parse(repaired);
    } catch {
      // The reason of the text as it is names the right place.
    }
    throw new UserError(`not valid JSON: ${reason(error)}`);
  }
}

/** V8 quotes the text in its message; the first line of it says enough. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/,? ?"[\s\S]*" is not valid JSON$/, '')
    .replace(/^Unexpected end of JSON input$/, 'it ends too early')
    .slice(0, 200);
}

/** The text without trailing commas and bare numbers that JSON lacks; `null` when there was nothing to repair. */
function repair(text: string): string | null {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') {
      at = stringEnd(text, at);
      continue;
    }
    const word =
      character === 'N' || character === 'I' || character === '-'
        ? bare.find(([name]) => text.startsWith(name, at))
        : undefined;
    if (word) {
      pieces.push(text.slice(from, at), word[1]);
      from = at + word[0].length;
      at = from - 1;
    } else if (character === ',' && closesNext(text, at + 1)) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return pieces.length === 0 ? null : pieces.join('') + text.slice(from);
}

/** Index of the quote that closes the string opened at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

const spaces = /\s*/y;
function closesNext(text: string, start: number): boolean {
  spaces.lastIndex = start;
  spaces.exec(text);
  const next = text[spaces.lastIndex];
  return next === ']' || next === '}';
}
