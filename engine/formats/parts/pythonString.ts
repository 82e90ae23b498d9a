// Owns one Python string literal: prefixes, quotes (triple too) and escapes, as CPython's reference lists them.
// Must not know what stands around it.

export type PythonString =
  | { readonly value: string; readonly end: number }
  | { readonly problem: string; readonly end: number };

const opening = /([uUbBrR]{0,2})('''|"""|'|")/y;
const simpleEscapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
};
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The string literal that starts at `start`; `null` when none does. */
export function pythonString(text: string, start: number): PythonString | null {
  opening.lastIndex = start;
  const found = opening.exec(text);
  if (!found) return null;
  const [all, prefix = '', quote = ''] = found;
  const raw = /r/i.test(prefix);
  const pieces: string[] = [];
  let at = start + all.length;
  for (;;) {
    const end = nextSpecial(text, at, quote);
    pieces.push(text.slice(at, end));
    if (end >= text.length) return { problem: 'a string is not closed', end };
    if (text[end] !== '\\') {
      if (quote.length === 1 && text[end] === '\n') return { problem: 'a line break in a string', end };
      return { value: pieces.join(''), end: end + quote.length };
    }
    if (raw) {
      pieces.push(text.slice(end, end + 2));
      at = end + 2;
      continue;
    }
    const escaped = readEscape(text, end);
    if ('problem' in escaped) return escaped;
    pieces.push(escaped.value);
    at = escaped.end;
  }
}

/** Where the next backslash, closing quote or (in single quotes) line break is. */
function nextSpecial(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') return at;
    if (character === quote[0] && (quote.length === 1 || text.startsWith(quote, at))) return at;
    if (character === '\n' && quote.length === 1) return at;
  }
  return text.length;
}

/** The escape whose backslash is at `start`. An escape that Python does not know stands for itself, backslash included. */
function readEscape(text: string, start: number): PythonString {
  const kind = text[start + 1] ?? '';
  const simple = simpleEscapes[kind];
  if (simple !== undefined) return { value: simple, end: start + 2 };
  if (kind === '\r') return { value: '', end: start + (text[start + 2] === '\n' ? 3 : 2) };
  const octal = /^[0-7]{1,3}/.exec(text.slice(start + 1, start + 4));
  if (octal) return { value: String.fromCharCode(Number.parseInt(octal[0], 8)), end: start + 1 + octal[0].length };
  const length = hexLengths[kind];
  if (length !== undefined) return readHex(text, start, length);
  if (kind === 'N') return { problem: 'escapes by character name (\\N{...}) are not supported', end: start };
  return { value: text.slice(start, start + 2), end: start + 2 };
}

function readHex(text: string, start: number, length: number): PythonString {
  const digits = text.slice(start + 2, start + 2 + length);
  const code = Number.parseInt(digits, 16);
  if (digits.length < length || !/^[\da-fA-F]+$/.test(digits) || code > 0x10ffff) {
    return { problem: 'a malformed escape', end: start };
  }
  return { value: String.fromCodePoint(code), end: start + 2 + length };
}
