// Owns what a tokenizer.json says beyond what the JavaScript library does with it: parts that the library treats otherwise than the
// reference implementation are rewritten into parts on which both agree, and the space put in front of a text is taken out of the
// pipeline, so that the caller decides where it goes. Pure; must not know files.
import { UserError } from '../domain/failure';

export type TokenizerPart = Readonly<Record<string, unknown>> & { readonly type: string };

export type AddedTokenJson = {
  readonly id: number;
  readonly content: string;
  readonly single_word?: boolean;
  readonly lstrip?: boolean;
  readonly rstrip?: boolean;
  readonly normalized?: boolean;
  readonly special?: boolean;
};

export type TokenizerJson = {
  readonly added_tokens: readonly AddedTokenJson[];
  readonly normalizer: TokenizerPart | null;
  readonly pre_tokenizer: TokenizerPart | null;
  readonly post_processor: TokenizerPart | null;
  readonly decoder: TokenizerPart | null;
  readonly model: TokenizerPart;
};

/** The space that the tokenizer puts in front: of every section between added tokens, or only of one at the start of the text. */
export type Prefix = {
  readonly text: string;
  readonly where: 'always' | 'first';
  /** `normalizer`: before all else, whatever the text begins with; `preTokenizer`: to normalized text that begins with no space. */
  readonly stage: 'normalizer' | 'preTokenizer';
};

export type PreparedTokenizer = { readonly json: TokenizerJson; readonly prefix: Prefix | null };

/** @throws UserError when the value is not a tokenizer.json or its model is of a kind without offsets (WordPiece, …). */
export function prepareTokenizer(value: unknown): PreparedTokenizer {
  const json = checkedTokenizer(value);
  const normalizer = splitNormalizer(json.normalizer);
  const preTokenizer = splitPreTokenizer(json.pre_tokenizer);
  const prepared = { ...json, normalizer: normalizer.part, pre_tokenizer: preTokenizer.part };
  return { json: prepared, prefix: normalizer.prefix ?? preTokenizer.prefix };
}

function checkedTokenizer(value: unknown): TokenizerJson {
  if (!isPart(value, 'model'))
    throw new UserError('tokenizer.json has no "model": it is not a tokenizer of the HuggingFace kind.');
  const { added_tokens, normalizer, pre_tokenizer, post_processor, decoder } = value;
  const model = value.model as TokenizerPart;
  if (model.type !== 'BPE' && model.type !== 'Unigram') {
    throw new UserError(`tokenizer.json has a "${model.type}" model; only BPE and Unigram are supported.`);
  }
  return {
    added_tokens: Array.isArray(added_tokens) ? (added_tokens as AddedTokenJson[]) : [],
    normalizer: (normalizer ?? null) as TokenizerPart | null,
    pre_tokenizer: (pre_tokenizer ?? null) as TokenizerPart | null,
    post_processor: (post_processor ?? null) as TokenizerPart | null,
    decoder: (decoder ?? null) as TokenizerPart | null,
    model,
  };
}

function isPart(value: unknown, key: string): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[key] === 'object';
}

/** All parts of a possibly nested `Sequence`, in order. */
export function flattenParts(part: TokenizerPart | null): readonly TokenizerPart[] {
  if (part === null) return [];
  if (part.type !== 'Sequence') return [part];
  const children = part.normalizers ?? part.pretokenizers ?? part.decoders ?? part.processors;
  return (children as readonly TokenizerPart[]).flatMap(flattenParts);
}

type Split = { readonly part: TokenizerPart | null; readonly prefix: Prefix | null };

/** A leading `Prepend` becomes the prefix; it is written as the space that it stands for, which `Replace` turns back. */
function splitNormalizer(part: TokenizerPart | null): Split {
  const [first, ...rest] = flattenParts(part);
  if (first?.type !== 'Prepend') return { part, prefix: null };
  const text = String(first.prepend ?? '');
  const normalizers = rest.length === 0 ? null : { type: 'Sequence', normalizers: rest };
  return { part: normalizers, prefix: { text, where: 'always', stage: 'normalizer' } };
}

function splitPreTokenizer(part: TokenizerPart | null): Split {
  const parts = flattenParts(part);
  const first = parts[0];
  if (!first) return { part, prefix: null };
  const pretokenizers = parts.flatMap((one, index) => (index === 0 ? withoutPrefix(one) : [one])).flatMap(agreed);
  return { part: { type: 'Sequence', pretokenizers }, prefix: prefixOf(first) };
}

function prefixOf(part: TokenizerPart): Prefix | null {
  if (part.type === 'ByteLevel' && part.add_prefix_space === true)
    return { text: ' ', where: 'always', stage: 'preTokenizer' };
  if (part.type !== 'Metaspace') return null;
  const scheme = part.prepend_scheme ?? (part.add_prefix_space === false ? 'never' : 'always');
  return scheme === 'never'
    ? null
    : { text: ' ', where: scheme === 'first' ? 'first' : 'always', stage: 'preTokenizer' };
}

function withoutPrefix(part: TokenizerPart): TokenizerPart {
  if (part.type === 'ByteLevel') return { ...part, add_prefix_space: false };
  return part.type === 'Metaspace' ? { ...part, prepend_scheme: 'never', add_prefix_space: false } : part;
}

/**
 * `Digits` of the library knows ASCII alone, where the reference takes every numeric character (`²`, `½`, `٣`); `Metaspace` of the
 * library never splits at spaces.
 */
function agreed(part: TokenizerPart): readonly TokenizerPart[] {
  if (part.type === 'Digits') return [isolate(part.individual_digits ? '\\p{N}' : '\\p{N}+')];
  if (part.type !== 'Metaspace' || part.split === false) return [part];
  const mark = String(part.replacement ?? '\u2581');
  return [part, isolate(`${mark}[^${mark}]*`)];
}

const isolate = (regex: string): TokenizerPart => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior: 'Isolated',
  invert: false,
});
