// Owns what a trace-file format is: how it is recognized by content, and how one record becomes examples.
// Must not know where bytes come from beyond the record it is given, nor how records are listed.
import type { Message } from '../domain/example';
import type { Trace } from '../domain/trace';

/** A parsed turn, before it gets its id, its source and its answer. */
export type ReadTurn = {
  readonly turn: number;
  readonly messages: readonly Message[];
  readonly trace: Trace;
  /** The answer as a field of the record states it, when it does. */
  readonly statedAnswer: string | null;
  readonly model: string | null;
  readonly sampling: 'greedy' | 'sampled' | 'unknown';
  readonly opaque: string | null;
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
};

/** Start of a file, decoded, and its bytes; at most 64 KiB. */
export type Head = { readonly text: string; readonly bytes: Uint8Array; readonly name: string };

/**
 * A format whose file is a sequence of records of text (JSON lines, one JSON document, plain text).
 * Formats of containers (ZIP, Parquet, folders) come with their own `records`.
 */
export type Format = {
  readonly id: string;
  readonly title: string;
  /** How the file falls into records. `lines`: one JSON value a line; `document`: one JSON value (an array's elements are its records); `text`: the whole file. */
  readonly framing: 'lines' | 'document' | 'text';
  /** 0: not this format; higher wins. `record` is the first record, parsed (`undefined` for `text`). */
  readonly recognizes: (record: unknown, head: Head) => number;
  /**
   * The turns with reasoning of one record; empty when it has none.
   * @throws UserError that says what is wrong with the record (the caller adds file and line).
   */
  readonly read: (record: unknown, text: string) => readonly ReadTurn[];
};
