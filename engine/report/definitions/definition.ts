// Owns what a definition is: a number, mark or word of a report, exactly, with where it comes from and what to beware of. Plain text.
import type { CaveatId } from '../../domain/run';

export type Definition = {
  /** Lower case with hyphens; the name on the command line and the anchor in the report. */
  readonly id: string;
  readonly title: string;
  /** What it is, in a sentence. */
  readonly about: string;
  readonly formula: string;
  /** Where the definition comes from, and what it was checked against. */
  readonly source: string;
  readonly pitfalls: readonly string[];
  /** What to do with it, or about it. */
  readonly advice: readonly string[];
  /** Ids of the table columns that show it. */
  readonly columns?: readonly string[];
  /** The caveat that it is about. */
  readonly caveat?: CaveatId;
};

/** Sources that several definitions share. */
export const sources = {
  seed: 'the published loan experiment (code andyrdt/rl_loans; post “Do models say what they learn?”, LessWrong abtegBoDfnCzewndm)',
  own: 'Counterthought’s own convention',
  statsmodels: 'checked against statsmodels and scipy to 1e-9 (npm run test:reference)',
  blindSpot: 'FlyingPumba/biases-in-the-blind-spot (arXiv 2602.10117)',
} as const;
