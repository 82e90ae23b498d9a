// Owns what each token id stands for in bytes, and decoding: a text is the bytes of its ids, one after the other.
// Pure; must not know how text becomes ids.
import type { TextStream } from './modelText';
import { flattenParts, type TokenizerJson } from './tokenizerJson';

export type TokenPieces = {
  /** Bytes that the id adds to a text; empty for an id that the vocabulary lacks. */
  readonly ofId: (id: number) => Uint8Array;
  /** Bytes of a token string that the model produced. */
  readonly ofToken: (token: string) => Uint8Array;
  /** The character by which tokens spell a space; `null` when there is none. */
  readonly spaceMark: string | null;
};

const encoder = new TextEncoder();

/** Bytes of a text; a lone surrogate is the replacement character, as in every UTF-8 encoder. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export function tokenPieces(json: TokenizerJson, tokenOf: (id: number) => string | undefined): TokenPieces {
  const added = new Map(json.added_tokens.map((token) => [token.content, utf8(token.content)]));
  const spaceMark = isByteLevel(json) ? null : findSpaceMark(json);
  const ofPlain = isByteLevel(json) ? byteLevelBytes : spacedBytes(json, spaceMark);
  const ofToken = (token: string): Uint8Array => added.get(token) ?? ofPlain(token);
  const cache = new Map<number, Uint8Array>();
  const ofId = (id: number): Uint8Array => {
    const known = cache.get(id);
    if (known) return known;
    const token = tokenOf(id);
    const bytes = token === undefined ? new Uint8Array(0) : ofToken(token);
    cache.set(id, bytes);
    return bytes;
  };
  return { ofId, ofToken, spaceMark };
}

/** Decodes ids as they stand inside a text: the space in front of the first one is kept. */
export function decodePieces(pieces: TokenPieces, ids: readonly number[]): string {
  const stream = pieceStream(pieces);
  return ids.map((id) => stream.push(id)).join('') + stream.end();
}

export function pieceStream(pieces: Pick<TokenPieces, 'ofId'>): TextStream {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { push: (id) => decoder.decode(pieces.ofId(id), { stream: true }), end: () => decoder.decode() };
}

function isByteLevel(json: TokenizerJson): boolean {
  const parts = [...flattenParts(json.decoder), ...flattenParts(json.pre_tokenizer)];
  return parts.some((part) => part.type === 'ByteLevel');
}

// GPT-2's table: printable Latin-1 stands for itself, every other byte for the next free character from U+0100 on.
const byteOfCharacter: ReadonlyMap<string, number> = (() => {
  const isPrintable = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  const map = new Map<string, number>();
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) map.set(String.fromCharCode(isPrintable(byte) ? byte : next++), byte);
  return map;
})();

/** Bytes of a token of a byte-level vocabulary. */
export function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) bytes.push(...utf8(character));
    else bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

const byteToken = /^<0x([0-9A-Fa-f]{2})>$/;

/** SentencePiece-like tokens: a mark stands for the space, `<0x0A>` for a byte. */
function spacedBytes(json: TokenizerJson, mark: string | null): (token: string) => Uint8Array {
  const hasByteTokens =
    json.model.byte_fallback === true || flattenParts(json.decoder).some((part) => part.type === 'ByteFallback');
  return (token) => {
    const byte = hasByteTokens ? byteToken.exec(token)?.[1] : undefined;
    if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
    return utf8(mark === null ? token : token.replaceAll(mark, ' '));
  };
}

function findSpaceMark(json: TokenizerJson): string | null {
  for (const part of [...flattenParts(json.decoder), ...flattenParts(json.pre_tokenizer)]) {
    if (part.type === 'Metaspace') return String(part.replacement ?? '\u2581');
    const pattern = part.pattern as { readonly String?: string } | undefined;
    if (part.type === 'Replace' && part.content === ' ' && pattern?.String) return pattern.String;
  }
  return null;
}
