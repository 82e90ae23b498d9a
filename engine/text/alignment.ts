// Owns finding which characters of a text each token covers, by following the tokens' bytes through it.
// Exact or refused: a token whose bytes do not continue the text is an error, never a guess. Pure; must not know token ids.
import { utf8 } from './tokenPieces';

/** A smallest piece of text that is followed as a whole: a character, or what a normalizer changes as a whole. */
export type Unit = { readonly length: number; readonly bytes: Uint8Array };

/** A token's bytes; `null` when it stands for text that the vocabulary lacks. */
export type Piece = Uint8Array | null;

/** Offset at which each token ends, and whether it ends there or inside the character that begins there. */
export type TokenEnds = { readonly ends: readonly number[]; readonly complete: readonly boolean[] };

/** What a tokenizer does to text before its model sees it, and the character (if any) by which its tokens spell a space. */
export type Spelling = { readonly normalize: ((text: string) => string) | null; readonly spaceMark: string | null };

/** The units of a text; with a normalizer, the finest division that it respects. `null` when there is none. */
export function unitsOf(text: string, spelling: Spelling): readonly Unit[] | null {
  const { normalize } = spelling;
  const unit = (part: string, normal: string): Unit => ({ length: part.length, bytes: spelled(normal, spelling) });
  const whole = normalize ? normalize(text) : text;
  if (whole === text) return [...text].map((part) => unit(part, part));
  for (const parts of divisions(text)) {
    const normal = parts.map((part) => normalize?.(part) ?? part);
    if (normal.join('') === whole) return parts.map((part, i) => unit(part, normal[i] ?? ''));
  }
  return null;
}

/** Bytes of normalized text as tokens spell them. */
export function spelled(normal: string, { spaceMark }: Spelling): Uint8Array {
  return utf8(spaceMark === null ? normal : normal.replaceAll(spaceMark, ' '));
}

let graphemes: Intl.Segmenter | undefined;

function* divisions(text: string): Generator<readonly string[]> {
  yield [...text];
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  yield Array.from(graphemes.segment(text), (one) => one.segment);
  yield text.match(/\s+|\S+/g) ?? [];
  yield text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  yield [text];
}

/**
 * Offsets in the units' text at which the pieces end. `prefix` is what the tokenizer put in front, which covers no text; units of white
 * space that no token covers (a pre-tokenizer dropped them) belong to the token after them.
 * @returns `null` when a piece does not continue the text.
 */
export function followPieces(units: readonly Unit[], pieces: readonly Piece[], prefix: Uint8Array): TokenEnds | null {
  const text = byteMap(units);
  const ends: number[] = [];
  const complete: boolean[] = [];
  let at = 0;
  for (const [index, piece] of withoutPrefix(pieces, prefix).entries()) {
    const next = piece === null ? skipUnknown(text, at, pieces[index + 1]) : matched(text, at, piece);
    if (next === null) return null;
    at = next;
    ends.push(text.offsetAt[at] ?? 0);
    complete.push(text.startsUnit[at] === 1);
  }
  if (!text.bytes.subarray(at).every(isSpace)) return null;
  if (ends.length > 0) ends[ends.length - 1] = text.offsetAt[text.bytes.length] ?? 0;
  return { ends, complete };
}

/** The pieces without the bytes that the prefix gave to the first of them. */
function withoutPrefix(pieces: readonly Piece[], prefix: Uint8Array): readonly Piece[] {
  let left = prefix;
  return pieces.map((piece) => {
    if (piece === null || left.length === 0) return piece;
    const shared = Math.min(piece.length, left.length);
    const isPrefix = startsAt(left, 0, piece.subarray(0, shared));
    left = isPrefix ? left.subarray(shared) : left.subarray(left.length);
    return isPrefix ? piece.subarray(shared) : piece;
  });
}

type ByteMap = {
  readonly bytes: Uint8Array;
  /** At each byte (and at the end): offset of the unit that it belongs to. */
  readonly offsetAt: Uint32Array;
  readonly startsUnit: Uint8Array;
};

function byteMap(units: readonly Unit[]): ByteMap {
  const size = units.reduce((sum, unit) => sum + unit.bytes.length, 0);
  const map = {
    bytes: new Uint8Array(size),
    offsetAt: new Uint32Array(size + 1),
    startsUnit: new Uint8Array(size + 1),
  };
  let at = 0;
  let offset = 0;
  for (const unit of units) {
    map.bytes.set(unit.bytes, at);
    map.offsetAt.fill(offset, at, at + unit.bytes.length);
    if (unit.bytes.length > 0) map.startsUnit[at] = 1;
    at += unit.bytes.length;
    offset += unit.length;
  }
  map.offsetAt[size] = offset;
  map.startsUnit[size] = 1;
  return map;
}

function matched(text: ByteMap, from: number, piece: Uint8Array): number | null {
  let at = from;
  while (!startsAt(text.bytes, at, piece)) {
    if (!isSpace(text.bytes[at])) return null;
    at += 1;
  }
  return at + piece.length;
}

/** The end of text that is not in the vocabulary: at least one unit, up to where the next token goes on. */
function skipUnknown(text: ByteMap, from: number, next: Piece | undefined): number | null {
  let at = nextUnit(text, from);
  if (next === undefined) return text.bytes.length;
  while (next !== null && at < text.bytes.length && !startsAt(text.bytes, at, next)) at = nextUnit(text, at);
  return from < text.bytes.length ? at : null;
}

function nextUnit(text: ByteMap, from: number): number {
  let at = Math.min(from + 1, text.bytes.length);
  while (text.startsUnit[at] !== 1) at += 1;
  return at;
}

function startsAt(bytes: Uint8Array, at: number, piece: Uint8Array): boolean {
  if (at + piece.length > bytes.length) return false;
  for (let i = 0; i < piece.length; i += 1) if (bytes[at + i] !== piece[i]) return false;
  return true;
}

const isSpace = (byte: number | undefined): boolean => byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);
