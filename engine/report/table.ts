// Owns what a table is before it becomes text, Markdown, LaTeX or HTML: cells are plain text, escaped by whoever renders them.

export type Column = {
  readonly id: string;
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Where room is short, columns are left out in this order, lowest first; absent: never. */
  readonly dispensable?: number;
};

export type Note = {
  /** The mark in the cells that the note belongs to; empty: it explains the table as a whole. */
  readonly mark: string;
  readonly text: string;
  /** The column that it explains, if it does: it goes where the column goes. */
  readonly column?: string;
};

export type Table = {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** As many cells as columns; the first names the row. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly Note[];
};
