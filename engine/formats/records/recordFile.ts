// Owns what a file of records is, whatever holds them. Must not know formats or examples.
import type { Source } from '../../domain/example';
import type { ScanOptions } from './content';
import type { LineIndex } from './lineIndex';

export type RawRecord = {
  readonly source: Source;
  /** Line (or row, or entry) for people, from 1. */
  readonly line: number;
  /** What identifies the record: its bytes as they lie on disk. */
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly value: unknown;
  /** Why it could not be read; `text` and `value` are empty then. */
  readonly problem: string | null;
  /** Parts of the record that could not be read, though the rest was. */
  readonly damaged?: readonly { readonly line: number; readonly reason: string }[];
};

export type RecordFile = {
  /** How the records are called: `line`, `row`, `entry`. */
  readonly unit: string;
  readonly framing: 'values' | 'text';
  /** All records in order; memory holds one at a time. */
  readonly scan: (options: ScanOptions) => AsyncIterable<RawRecord>;
  readonly at: (source: Source) => Promise<RawRecord>;
  /** Lets go of what is kept outside memory; it can still be asked. */
  readonly close?: () => void;
  /** Where every line is a record of its own. */
  readonly lines?: LineRecords;
};

export type LineRecords = {
  /** Finds where the lines are, without reading them. */
  readonly index: (options: ScanOptions) => Promise<LineIndex>;
  /** The record on a line, counted from 1. @throws UserError when the file has no such line, */
  readonly at: (index: LineIndex, line: number) => Promise<RawRecord>;
};
