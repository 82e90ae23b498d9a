// Owns what an answer reader is: text → the words of the answer and where they stand. Pure; must not know models or files.
import type { ReadAnswer } from '../domain/example';

export type AnswerReader = {
  readonly id: string;
  readonly title: string;
  /**
   * Reads the answer in the text after the reasoning; `null` when it is not there. The option is as written, trimmed; `range` covers exactly
   * those words in `text`.
   */
  readonly read: (text: string) => ReadAnswer | null;
};
