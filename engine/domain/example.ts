// Owns the vocabulary of one record of a trace file: messages, trace, recorded answer, and where it stands.
// Must not know how any format spells them.
import type { ExampleId } from './ids';
import type { Range, Trace } from './trace';

export type Message = { readonly role: string; readonly content: string };

/** Where the record's bytes are. Offsets in bytes of the file as it lies on disk. */
export type Source =
  | {
      readonly kind: 'bytes';
      readonly file: string;
      readonly start: number;
      readonly end: number;
      readonly line: number;
    }
  | { readonly kind: 'entry'; readonly file: string; readonly entry: string; readonly pointer: string }
  | { readonly kind: 'row'; readonly file: string; readonly row: number }
  | { readonly kind: 'files'; readonly folder: string; readonly files: readonly string[] };

/** The answer that was read in a text: one of the options, and where its words stand in that text. */
export type ReadAnswer = { readonly option: string; readonly range: Range };

export type Example = {
  readonly id: ExampleId;
  readonly source: Source;
  /** Which assistant turn of the record this is, from 0. */
  readonly turn: number;
  /** Everything before this turn, in order. */
  readonly messages: readonly Message[];
  readonly trace: Trace;
  /** The answer that the record states, read in `trace.answerText`; `null` when none could be read. */
  readonly answer: ReadAnswer | null;
  /** Name of the model that wrote the trace, as the record has it. */
  readonly model: string | null;
  /** How the recorded answer was drawn. */
  readonly sampling: 'greedy' | 'sampled' | 'unknown';
  /** Why the trace cannot be re-run (redacted, encrypted, summary); `null` when it can. */
  readonly opaque: string | null;
  /** The token ids that the model wrote, where the record keeps them. */
  readonly tokenIds?: readonly number[];
  /** Other short fields of the record (labels, correctness, …) for grouping and filters. */
  readonly fields: Readonly<Record<string, string | number | boolean | null>>;
};

/** What a sample answered. Unreadable outcomes are counted, never dropped. */
export type Outcome =
  | { readonly kind: 'option'; readonly option: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a record says about its example besides the answer, where it does. */
export type RecordLabels = {
  /** The right answer, one of the options. */
  readonly correct?: string;
  /** The option that a hint in the recorded prompt points at. */
  readonly hint?: string;
  /** Whether the reasoning says that it used the hint, as somebody judged. */
  readonly verbalized?: boolean;
};
