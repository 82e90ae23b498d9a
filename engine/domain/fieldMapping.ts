// Owns a person's own mapping of a trace file's fields, and what they are shown to make one. Must not know how fields are read.

/**
 * Paths of the fields that hold the prompt, the reasoning, the answer: names (or positions in lists) joined by points, `steps.0.text` or
 * `steps[0].text`. With `items[].text` every item of a list is an example. Where reasoning and answer are the same field, it holds the
 * whole turn, and the reasoning is what stands between its tags.
 */
export type FieldMapping = {
  readonly prompt: string;
  readonly reasoning: string;
  readonly answer: string;
  readonly system?: string;
  readonly model?: string;
  /** A field to choose and group examples by, when it lies deeper than the record's own. */
  readonly label?: string;
  /** The right answer, the option that a hint in the prompt points at, and whether the reasoning says that it used the hint. */
  readonly correct?: string;
  readonly hint?: string;
  readonly verbalized?: string;
  /** The tags of a whole turn, when they are none that everybody uses; without `open` the reasoning begins with the turn. */
  readonly open?: string;
  readonly close?: string;
};

/** A mapping lies beside its file, under the file's name with this at its end. */
export const mappingSuffix = '.fields.json';

export type FieldKind = 'text' | 'texts' | 'messages' | 'number' | 'boolean';

/** A field of a file's first records. */
export type FieldSample = {
  readonly path: string;
  readonly kind: FieldKind;
  /** The start of its first value that is not empty. */
  readonly sample: string;
  readonly meanChars: number;
  /** In how many of the records it is. */
  readonly records: number;
};

/** The fields of a file's first records, and the mapping that lies beside it; `null` when there is none that can be read. */
export type FileFields = {
  readonly records: number;
  readonly fields: readonly FieldSample[];
  readonly mapping: FieldMapping | null;
};

/** What a mapping would read of a file's first records, and why the first of those that it does not read is not. */
export type MappingTrial = { readonly records: number; readonly read: number; readonly problem: string | null };
