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
 * How one record becomes turns. How a file falls into records (lines, one document, rows of a table, entries of a ZIP, a folder) is found
 * by content too, separately (engine/formats/records/), so that every format works in every container.
 */
export type Format = {
  readonly id: string;
  readonly title: string;
  /** `values`: its records are parsed values (objects, arrays). `text`: its record is a whole text. */
  readonly framing: 'values' | 'text';
  /** 0: not this format; higher wins. `record` is the first record, parsed (`undefined` for `text`). */
  readonly recognizes: (record: unknown, head: Head) => number;
  /**
   * The turns with reasoning of one record; empty when it has none.
   * @throws UserError that says what is wrong with the record (the caller adds file and line).
   */
  readonly read: (record: unknown, text: string) => readonly ReadTurn[];
};
