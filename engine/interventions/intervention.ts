// Owns what an intervention is: a pure edit of the prompt's messages or of the trace. Must not know tokens' ids, models or files.
import type { PromptEditDescriptor, TraceEditDescriptor } from '../domain/catalog';
import type { TraceEditSpec } from '../domain/condition';
import type { Message } from '../domain/example';
import type { ParamValues } from '../domain/params';
import type { CutRecord } from '../domain/run';
import type { Range } from '../domain/trace';

/** The reasoning and the token grid that a cut may fall on. */
export type TraceGrid = {
  readonly reasoning: string;
  /**
   * Offset in `reasoning` at which each of its n token ids ends, in order, clipped to it; `null` where that token ends inside a character.
   */
  readonly tokenEnds: readonly (number | null)[];
};

export type TraceEdit = {
  readonly descriptor: TraceEditDescriptor;
  /** Where to cut, and what was decided on the way. Never NaN: an empty trace gives k = n = offset = 0. */
  readonly apply: (grid: TraceGrid, spec: TraceEditSpec) => CutRecord;
};

export type Replacement = {
  readonly message: number;
  readonly range: Range;
  readonly was: string;
  readonly is: string;
};

export type PromptEditResult = {
  readonly messages: readonly Message[];
  readonly replacements: readonly Replacement[];
};

export type PromptEdit = {
  readonly descriptor: PromptEditDescriptor;
  /** @throws UserError when the parameters make no sense. An edit that touches nothing returns no replacements. */
  readonly apply: (messages: readonly Message[], params: ParamValues) => PromptEditResult;
  /** Words of the values that were swapped, to look for in traces (`attributeInTrace`). */
  readonly values: (params: ParamValues) => readonly string[];
  /** Readable suffix of a condition's alias: `swap:nationality`. */
  readonly alias: (params: ParamValues) => string;
};
