// Owns what a figure of a report is: drawn on a page and in a column, with its caption and its numbers. Must not know any particular one.
import type { RunSummary } from '../../domain/effect';
import type { ShownNumber } from '../calibrationText';
import type { Table } from '../table';
import type { Drawing, Layout } from './drawing';

export type Figure = {
  /** Lower case with hyphens; the name of its files. */
  readonly id: string;
  /** Of its section in a report. */
  readonly title: string;
  readonly has: (summary: RunSummary) => boolean;
  readonly caption: (summary: RunSummary) => string;
  readonly draw: (summary: RunSummary, layout: Layout) => Drawing;
  /** For who reads numbers rather than marks. */
  readonly numbers: (summary: RunSummary) => Table;
  /** The same unrounded, as comma-separated values. */
  readonly data: (summary: RunSummary) => string;
  /** What it shows, by which it is found in calibrations. */
  readonly shows: (summary: RunSummary) => readonly ShownNumber[];
};
