// Owns what is asked of a trace file's list of examples and what a list shows: rows, filters, an order, words to find, and what a file holds
// in sum. Must not know files, formats or pages.
import type { ExampleId } from './ids';
import type { Range } from './trace';

export type FieldValue = string | number | boolean | null;

/** A record that could not be used, with the way to find it. */
export type FileProblem = { readonly line: number; readonly reason: string };

/** How often each value of a field was met, most frequent first. */
export type FieldFacet = {
  readonly name: string;
  readonly values: readonly { readonly value: FieldValue; readonly n: number }[];
  /** Whether there were more values than were counted. */
  readonly more: boolean;
};

/** One example in a list. */
export type ExampleRow = {
  readonly id: ExampleId;
  /** Its place among the file's examples, from 0. */
  readonly index: number;
  /** Line of the record, from 1; 0 where records are not lines. */
  readonly line: number;
  readonly title: string;
  readonly answer: string | null;
  readonly reasoningChars: number;
  /** Why it cannot be re-run; `null` when it can. */
  readonly opaque: string | null;
};

/** `opaque`: redacted, encrypted or summarized; `unanswered`: no answer could be read; `empty`: reasoning of white space. */
export type ExampleFlaw = 'opaque' | 'unanswered' | 'empty';

export type ExampleFilter =
  | { readonly by: 'answer'; readonly option: string }
  | { readonly by: 'flaw'; readonly flaw: ExampleFlaw }
  | { readonly by: 'field'; readonly name: string; readonly value: FieldValue };

export const searchPlaces = ['everywhere', 'prompt', 'reasoning', 'answer', 'fields'] as const;
export type SearchPlace = (typeof searchPlaces)[number];

export type ExampleOrder =
  | { readonly by: 'file' | 'answer' | 'length'; readonly descending: boolean }
  | { readonly by: 'field'; readonly name: string; readonly descending: boolean };

/** Examples that pass every filter and hold the words, in an order. */
export type ExampleQuery = {
  /** Looked for as they are, but for upper and lower case; empty: none. */
  readonly words: string;
  readonly place: SearchPlace;
  readonly filters: readonly ExampleFilter[];
  readonly order: ExampleOrder;
};

/** Examples that can be chosen one by one. */
export const mostChosen = 1000;

export const wholeFile: ExampleQuery = {
  words: '',
  place: 'everywhere',
  filters: [],
  order: { by: 'file', descending: false },
};

/** Whether a query asks for every example in the file's own order, so that nothing has to be looked through. */
export const isWholeFile = ({ words, filters, order }: ExampleQuery): boolean =>
  words === '' && filters.length === 0 && order.by === 'file' && !order.descending;

export type QueryProgress = {
  readonly found: number;
  /** Examples looked at. */
  readonly examples: number;
  readonly bytes: number;
  readonly totalBytes: number;
};

/** Every place of the words in a text; the same for who finds and who marks. `null` when there are no words. */
export function wordsPattern(words: string): RegExp | null {
  return words === '' ? null : new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu');
}

/** A text that may be cut for showing, and how long it is. */
export type ShownText = { readonly text: string; readonly chars: number };

/** One example as a person reads it: texts up to a length, each with its whole length. */
export type ExampleReading = {
  readonly row: ExampleRow;
  readonly messages: readonly (ShownText & { readonly role: string })[];
  readonly reasoning: ShownText;
  readonly answerText: ShownText;
  /** Where the answer's words stand in `answerText`. */
  readonly answerRange: Range | null;
  readonly model: string | null;
  readonly turn: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Where the record is, in words: `line 17`, `samples/a.json`. */
  readonly place: string;
};

/** A record as an example has it, or as it stands on a line (from 1), damaged or not. */
export type RecordPlace = { readonly index: number } | { readonly line: number };

/** The bytes of a record as text, up to a length. */
export type RawText = ShownText & { readonly place: string; readonly problem: string | null };

/** What a trace file holds in sum, as far as a list shows it. */
export type TraceFileFacts = {
  readonly formatTitle: string;
  readonly examples: number;
  readonly problems: readonly FileProblem[];
  /** Of `problems`, which names only the first ones. */
  readonly problemCount: number;
  readonly withoutReasoning: number;
  readonly opaque: number;
  readonly models: readonly string[];
  readonly answer: {
    readonly reader: string;
    readonly read: number;
    readonly tally: readonly { readonly option: string; readonly n: number }[];
  };
  readonly fields: readonly FieldFacet[];
};
