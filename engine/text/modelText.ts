// Owns the text side of a model, as its folder publishes it: ids with offsets, decoding, the chat template, the tags of its reasoning.
// Must not know weights. Implemented by `loadModelText` (engine/text/loadModelText.ts).
import type { Message } from '../domain/example';

/** Token ids of a text, and the UTF-16 range of the text that each covers. */
export type Encoding = {
  readonly ids: readonly number[];
  /** Token i covers text[starts[i], ends[i]); a token that ends inside a character has `ends[i]` at the character's start and `complete[i]` false. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly complete: readonly boolean[];
};

/** Collects ids one by one and gives back text as soon as characters are complete. */
export type TextStream = { readonly push: (id: number) => string; readonly end: () => string };

export type ModelText = {
  readonly tokenizerSha256: string;
  readonly templateSha256: string;
  readonly vocabSize: number;
  /** Ids that end a turn (`generation_config`, `config`, tokenizer). */
  readonly endIds: readonly number[];
  /** The tags by which this model's own template frames reasoning, white space of their lines included: `<think>\n` and `\n</think>\n\n`. */
  readonly reasoningTags: { readonly open: string; readonly close: string };
  /** Exact: no special token is added; added tokens in the text are recognized. @throws UserError for text that it cannot give back. */
  readonly encode: (text: string) => Encoding;
  /** Ids of a text as it goes on after others: SentencePiece-like tokenizers put no space in front of it. Offsets are of `text`. */
  readonly encodeAfter: (before: readonly number[], text: string) => Encoding;
  /** The ids' text as it stands inside a longer one (the space in front of the first is kept); special tokens are kept. */
  readonly decode: (ids: readonly number[]) => string;
  readonly stream: () => TextStream;
  /**
   * The prompt as the model's chat template renders it, generation prompt included (BOS too, when the template or tokenizer adds one).
   * @throws UserError when the model has no chat template.
   */
  readonly render: (messages: readonly Message[]) => string;
};

/** The text side of a model whose tokenizer lies here. */
export type LocalText = ModelText & {
  /** Bytes that the id adds to a text; empty for an id that the vocabulary lacks. */
  readonly bytesOf: (id: number) => Uint8Array;
};
