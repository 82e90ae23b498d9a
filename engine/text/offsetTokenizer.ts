// Owns text → token ids with the range of text that each id covers. The library knows ids alone, so its stages (normalizer,
// pre-tokenizer, model) are called one by one and their tokens are followed through the text. Pure; must not know files.
import { Tokenizer } from '@huggingface/tokenizers';
import { UserError } from '../domain/failure';
import { addedTokenSplitter } from './addedTokens';
import { followPieces, type Piece, type Spelling, spelled, unitsOf } from './alignment';
import type { Encoding, TextStream } from './modelText';
import { type Prefix, prepareTokenizer } from './tokenizerJson';
import { decodePieces, pieceStream, type TokenPieces, tokenPieces, utf8 } from './tokenPieces';

export type OffsetTokenizer = {
  readonly vocabSize: number;
  readonly idOf: (token: string) => number | undefined;
  /** Ids of a text on its own. @throws UserError when the tokenizer cannot represent the text. */
  readonly encode: (text: string) => Encoding;
  /** Ids of a text as it follows others: no space is put in front, unless the tokenizer does so after an added token. */
  readonly encodeAfter: (before: readonly number[], text: string) => Encoding;
  readonly decode: (ids: readonly number[]) => string;
  readonly stream: () => TextStream;
  /** Bytes that the id adds to a text; empty for an id that the vocabulary lacks. */
  readonly bytesOf: (id: number) => Uint8Array;
};

/** @param value parsed tokenizer.json @throws UserError when it is of an unsupported kind. */
export function offsetTokenizer(value: unknown): OffsetTokenizer {
  const { json, prefix } = prepareTokenizer(value);
  const library = new Tokenizer(json, {});
  const pieces = tokenPieces(json, (id) => library.id_to_token(id));
  const split = addedTokenSplitter(json.added_tokens, json.normalizer !== null);
  const encodeSection = sectionEncoder(library, pieces);
  const added = new Set(json.added_tokens.map((token) => token.id));
  const encodeAfter = (before: readonly number[], text: string): Encoding => {
    const found: GrowingEncoding = { ids: [], starts: [], ends: [], complete: [] };
    const place = placeAfter(before.at(-1), added);
    for (const section of split(text)) {
      const part = text.slice(section.start, section.end);
      const lead = prefixAt(prefix, section.start > 0 ? 'afterAdded' : place);
      const whole = { ids: section.id === null ? [] : [section.id], ends: [part.length], complete: [true] };
      append(found, section.start, section.id === null ? encodeSection(part, lead) : whole);
    }
    return found;
  };
  return {
    vocabSize: vocabularySize(library),
    idOf: (token) => library.token_to_id(token),
    encode: (text) => encodeAfter([], text),
    encodeAfter,
    decode: (ids) => decodePieces(pieces, ids),
    stream: () => pieceStream(pieces),
    bytesOf: pieces.ofId,
  };
}

type GrowingEncoding = { ids: number[]; starts: number[]; ends: number[]; complete: boolean[] };
type SectionEncoding = Omit<Encoding, 'starts'>;
type Place = 'first' | 'afterAdded' | 'middle';

function placeAfter(last: number | undefined, added: ReadonlySet<number>): Place {
  if (last === undefined) return 'first';
  return added.has(last) ? 'afterAdded' : 'middle';
}

function prefixAt(prefix: Prefix | null, place: Place): Prefix | null {
  return place === 'middle' || (place === 'afterAdded' && prefix?.where === 'first') ? null : prefix;
}

function append(encoding: GrowingEncoding, offset: number, section: SectionEncoding): void {
  for (const [i, id] of section.ids.entries()) {
    encoding.starts.push(encoding.ends.at(-1) ?? 0);
    encoding.ids.push(id);
    encoding.ends.push(offset + (section.ends[i] ?? 0));
    encoding.complete.push(section.complete[i] ?? true);
  }
}

function vocabularySize(library: Tokenizer): number {
  return library.model?.vocab.length ?? 0;
}

/** Encodes text without added tokens; offsets are relative to it. */
function sectionEncoder(
  library: Tokenizer,
  pieces: TokenPieces,
): (text: string, prefix: Prefix | null) => SectionEncoding {
  const { normalizer } = library;
  const normalize = normalizer ? (text: string): string => normalizer.normalize(text) : null;
  const spelling = { normalize, spaceMark: pieces.spaceMark };
  return (text, prefix) => {
    const { normal, lead } = withPrefix(text, prefix, spelling);
    const tokens = modelTokens(library, lead + normal);
    const units = unitsOf(text, spelling);
    const tokenPiece = (token: string): Piece => pieceOf(library, pieces, token);
    const followed = units && followPieces(units, tokens.map(tokenPiece), spelled(lead, spelling));
    if (!followed) {
      throw new UserError(`The tokenizer does not give back the text ${quoted(text)}, so it cannot be cut exactly.`);
    }
    return { ids: tokens.map((token) => idOf(library, token)), ...followed };
  };
}

/** The text as the pre-tokenizer gets it, and what was put in front of it. */
function withPrefix(
  text: string,
  prefix: Prefix | null,
  { normalize, spaceMark }: Spelling,
): { readonly normal: string; readonly lead: string } {
  const plain = normalize ? normalize(text) : text;
  if (prefix?.stage === 'normalizer' && normalize) {
    const lead = normalize(prefix.text);
    const whole = normalize(prefix.text + text);
    return whole.startsWith(lead) ? { normal: whole.slice(lead.length), lead } : { normal: whole, lead: '' };
  }
  const startsWithSpace = plain.startsWith(' ') || (spaceMark !== null && plain.startsWith(spaceMark));
  return { normal: plain, lead: !prefix || (prefix.stage === 'preTokenizer' && startsWithSpace) ? '' : prefix.text };
}

function modelTokens(library: Tokenizer, text: string): readonly string[] {
  if (!library.model || text === '') return [];
  const words = library.pre_tokenizer ? library.pre_tokenizer.pre_tokenize(text) : [text];
  const { model } = library;
  const tokens = model._call(words);
  return tokens.flatMap((token) => (model.tokens_to_ids.has(token) ? [token] : byteTokens(library, token)));
}

/** Unigram models fall back to bytes as BPE models do; the library does so for BPE alone. */
function byteTokens(library: Tokenizer, token: string): readonly string[] {
  const names = Array.from(utf8(token), (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  return names.every((name) => library.model?.tokens_to_ids.has(name)) ? names : [token];
}

function idOf(library: Tokenizer, token: string): number {
  const id = library.token_to_id(token) ?? library.model?.unk_token_id;
  if (id === undefined)
    throw new UserError(`The tokenizer has no token for ${quoted(token)} and none for unknown text.`);
  return id;
}

/** A token that is not spelled out in the vocabulary stands for some unknown text. */
function pieceOf(library: Tokenizer, pieces: TokenPieces, token: string): Piece {
  if (token === library.model?.unk_token) return null;
  return pieces.ofToken(token);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
