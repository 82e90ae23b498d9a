// Owns the part of a model's text side that writing needs: what each id stands for, and which ids end a turn. Packed into a few arrays it
// is handed to the model's thread, because a second tokenizer would take a hundred times the memory. Must not know how text becomes ids.
import type { LocalText, ModelText } from './modelText';
import { pieceStream } from './tokenPieces';

export type OutputText = Pick<ModelText, 'tokenizerSha256' | 'templateSha256' | 'vocabSize' | 'endIds' | 'stream'>;

/** Plain data: a structured clone of it is as good. */
export type PackedText = Omit<OutputText, 'stream'> & {
  /** Ids of an ordinary sentence, to try the model out. */
  readonly sampleIds: readonly number[];
  /** The bytes of all ids, one after the other, and where each ends. */
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
};

/** Ordinary words: rows of special tokens in odd places drift a hundred times more. */
const sampleSentence = 'The applicant is thirty years old and asks for a loan.';

export function packText(text: LocalText): PackedText {
  const { tokenizerSha256, templateSha256, vocabSize, endIds } = text;
  const pieces = Array.from({ length: vocabSize }, (_, id) => text.bytesOf(id));
  const ends = new Uint32Array(vocabSize);
  let size = 0;
  for (const [id, piece] of pieces.entries()) {
    size += piece.length;
    ends[id] = size;
  }
  const bytes = new Uint8Array(size);
  for (const [id, piece] of pieces.entries()) bytes.set(piece, ends[id]! - piece.length);
  const sampleIds = text.encode(sampleSentence).ids;
  return { tokenizerSha256, templateSha256, vocabSize, endIds, sampleIds, bytes, ends };
}

export function outputText({ bytes, ends, sampleIds: _, ...facts }: PackedText): OutputText {
  // An id that the vocabulary lacks adds nothing to a text.
  const ofId = (id: number): Uint8Array => bytes.subarray(id === 0 ? 0 : (ends[id - 1] ?? 0), ends[id] ?? 0);
  return { ...facts, stream: () => pieceStream({ ofId }) };
}
