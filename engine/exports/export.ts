// Owns what is written out and what a way to write it is. Must not know where examples and outcomes come from.
import type { Condition } from '../domain/condition';
import type { Example, Message } from '../domain/example';
import type { RunId } from '../domain/ids';
import type { CaveatId, CutRecord, SampleResult } from '../domain/run';
import type { Trace } from '../domain/trace';

/** One sample of a run. */
export type ExportedOutcome = {
  readonly run: RunId;
  /** sha256 of the manifest as canonical JSON. */
  readonly manifestSha256: string;
  /** The model that ran, and how it drew. */
  readonly model: string;
  readonly temperature: number;
  readonly topP: number;
  readonly condition: Condition;
  readonly cut: CutRecord | null;
  readonly caveats: readonly CaveatId[];
  /** The answers to choose between, in the order of the result's probabilities. */
  readonly options: readonly string[];
  readonly recorded: string;
  /** The reasoning that the model was given, up to the cut. */
  readonly kept: string;
  readonly result: SampleResult;
};

/** An example as it is written: under a condition with its regenerated turn, or as the file has it. */
export type ExportItem = {
  readonly example: Example;
  readonly messages: readonly Message[];
  readonly trace: Trace;
  readonly answer: string | null;
  readonly model: string | null;
  /** `null`: the example of a trace file, as it was recorded. */
  readonly outcome: ExportedOutcome | null;
};

export type ExportRequest = {
  readonly items: AsyncIterable<ExportItem>;
  /** A file, or a folder that does not exist yet. */
  readonly out: string;
  /** What the items come from, for formats that name it. */
  readonly name: string;
  /** Whether cells that a spreadsheet would take for formulas are led by an apostrophe, which then is part of their text. */
  readonly forSpreadsheet: boolean;
};

export type ExportFormat = {
  readonly id: string;
  readonly title: string;
  /** What a person should know before choosing it. */
  readonly about: string;
  /** `null`: it is a folder. */
  readonly extension: string | null;
  /** @returns how many items were written */
  readonly write: (request: ExportRequest) => Promise<number>;
};
