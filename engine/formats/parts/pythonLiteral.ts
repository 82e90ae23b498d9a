// Owns reading Python literals as `repr` writes them and `ast.literal_eval` reads them: strings with every escape, numbers,
// True, False, None, lists, tuples, sets, dicts. Values come back as JSON values would. Must not know any format.
import { UserError } from '../../domain/failure';
import { pythonString } from './pythonString';

const deepest = 500;
const constants: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  nan: Number.NaN,
  inf: Infinity,
};
/** As Python's grammar has it: single underscores between digits, no leading zeros in whole numbers. */
const numberForm =
  /[+-]?(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d+)?|\d(?:_?\d)*\.(?:[eE][+-]?\d+)?|\d(?:_?\d)*[eE][+-]?\d+|0(?:_?0)*|[1-9](?:_?\d)*)/y;
const nameForm = /[A-Za-z_]\w*/y;
const spaceForm = /(?:[ \t\r\n\f]|\\\r?\n|#[^\n]*)*/y;

type Reader = { readonly text: string; at: number; depth: number };

/**
 * The value of one literal.
 * @throws UserError that names the character at which the text stops being a literal.
 */
export function parsePythonLiteral(text: string): unknown {
  const reader: Reader = { text, at: 0, depth: 0 };
  skipSpace(reader);
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at < text.length) fail(reader, 'more text follows the literal');
  return value;
}

function fail(reader: Reader, problem: string): never {
  const found =
    reader.at < reader.text.length
      ? ` at ${JSON.stringify(reader.text.slice(reader.at, reader.at + 12))}`
      : ' at the end';
  throw new UserError(`not a Python literal: ${problem}${found} (character ${reader.at + 1})`);
}

function match(reader: Reader, form: RegExp): string | null {
  form.lastIndex = reader.at;
  const found = form.exec(reader.text);
  if (!found) return null;
  reader.at += found[0].length;
  return found[0];
}

function skipSpace(reader: Reader): void {
  match(reader, spaceForm);
}

function take(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  skipSpace(reader);
  return true;
}

function readValue(reader: Reader): unknown {
  const first = reader.text[reader.at];
  if (first === '{') return nested(reader, readBraces);
  if (first === '[') return nested(reader, () => readItems(reader, ']'));
  if (first === '(') return nested(reader, readParentheses);
  const string = readStrings(reader);
  if (string !== null) return string;
  return readNumber(reader) ?? readConstant(reader);
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  if (reader.depth >= deepest) fail(reader, `nested deeper than ${deepest}`);
  reader.depth += 1;
  reader.at += 1;
  skipSpace(reader);
  const value = read(reader);
  reader.depth -= 1;
  return value;
}

/** Items up to the closing character, a trailing comma allowed. */
function readItems(reader: Reader, close: string): unknown[] {
  const items: unknown[] = [];
  while (!take(reader, close)) {
    items.push(readValue(reader));
    skipSpace(reader);
    if (take(reader, ',')) continue;
    if (take(reader, close)) return items;
    fail(reader, `"," or "${close}" is missing`);
  }
  return items;
}

/** A tuple, or a value in parentheses. */
function readParentheses(reader: Reader): unknown {
  const start = reader.at;
  const items = readItems(reader, ')');
  if (items.length !== 1) return items;
  const inside = reader.text.slice(start, reader.at).trimEnd();
  return /,\s*\)$/.test(inside) ? items : items[0];
}

/** A dict (later keys win, as in Python), or a set. */
function readBraces(reader: Reader): unknown {
  const entries: [string, unknown][] = [];
  const items: unknown[] = [];
  let closed = take(reader, '}');
  while (!closed) {
    const key = readValue(reader);
    skipSpace(reader);
    if (take(reader, ':')) entries.push([String(key), readValue(reader)]);
    else items.push(key);
    skipSpace(reader);
    const comma = take(reader, ',');
    closed = take(reader, '}');
    if (!comma && !closed) fail(reader, '"," or "}" is missing');
  }
  if (items.length > 0 && entries.length > 0) fail(reader, 'a dict and a set are mixed');
  return items.length > 0 ? items : Object.fromEntries(entries);
}

/** One string, or several adjacent ones, which Python joins. */
function readStrings(reader: Reader): string | null {
  let joined: string | null = null;
  for (;;) {
    const piece = pythonString(reader.text, reader.at);
    if (piece === null) return joined;
    if ('problem' in piece) {
      reader.at = piece.end;
      fail(reader, piece.problem);
    }
    joined = (joined ?? '') + piece.value;
    reader.at = piece.end;
    skipSpace(reader);
  }
}

function readNumber(reader: Reader): number | null {
  const start = reader.at;
  const found = match(reader, numberForm);
  if (found === null) return null;
  const digits = found.replaceAll('_', '');
  const sign = digits.startsWith('-') ? -1 : 1;
  const value = sign * Number(digits.replace(/^[+-]/, ''));
  if (Number.isNaN(value) || /[\w.]/.test(reader.text[reader.at] ?? '')) {
    reader.at = start;
    fail(reader, 'a malformed number');
  }
  return value;
}

function readConstant(reader: Reader): unknown {
  const start = reader.at;
  const negative = /[+-]/.test(reader.text[reader.at] ?? '');
  const sign = negative && reader.text[reader.at] === '-' ? -1 : 1;
  if (negative) reader.at += 1;
  const name = match(reader, nameForm);
  if (name !== null && Object.hasOwn(constants, name)) {
    const value = constants[name];
    if (!negative) return value;
    if (typeof value === 'number') return sign * value;
  }
  reader.at = start;
  return fail(reader, 'a value is missing');
}
