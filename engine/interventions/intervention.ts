// Owns what an intervention is: a pure edit of the prompt's messages or of the trace. Must not know tokens' ids, models or files.
import type { PromptEditDescriptor, TraceEditDescriptor } from '../domain/catalog';
import type { Keep, TraceEditSpec } from '../domain/condition';
import type { Message } from '../domain/example';
import type { Material, MaterialSpec } from '../domain/material';
import type { ParamValues } from '../domain/params';
import type { CutRecord, PromptChange } from '../domain/run';
import type { TextChange } from '../domain/trace';

/** The reasoning and the token grid that a cut may fall on. */
export type TraceGrid = {
  readonly reasoning: string;
  /**
   * Offset in `reasoning` at which each of its n token ids ends, in order, clipped to it; `null` where that token ends inside a character.
   */
  readonly tokenEnds: readonly (number | null)[];
};

/** What an edit of the trace may look at besides the trace. */
export type TraceContext = {
  /** The answers to choose between, and the recorded one of them. */
  readonly options: readonly string[];
  readonly recorded: string;
  /** Differs by example and by the run's seed: what is drawn, is drawn from it. */
  readonly seed: string;
  /** How many token ids a text has as it stands inside a trace. */
  readonly tokenCount: (text: string) => number;
  /** What was made ready for this example (see `needs`). */
  readonly material: (spec: MaterialSpec) => Material | undefined;
};

/** The edited trace, or why the edit cannot be made here: that example then takes no part in the condition, and is counted. */
export type TraceRewrite =
  | {
      readonly changes: readonly TextChange[];
      /** Of the edited trace, instead of the spec's: where it depends on what the trace says. */
      readonly keep?: Keep;
      /** What was decided, for a person: which step, whose trace. */
      readonly note?: string;
    }
  | { readonly impossible: string }
  /** Something that should have been generated was not: an outcome that cannot be read. */
  | { readonly unreadable: string };

export type TraceEdit = {
  readonly descriptor: TraceEditDescriptor;
  /** Absent in edits that only cut. Changes lie in the body, in order, without overlap: the white space of both tags' lines stays. */
  readonly rewrite?: (grid: TraceGrid, params: ParamValues, context: TraceContext) => TraceRewrite;
  /** What must be generated or looked up before the edit can be made. */
  readonly needs?: (reasoning: string, params: ParamValues) => readonly MaterialSpec[];
  /** Where to cut, and what was decided on the way. Never NaN: an empty trace gives k = n = offset = 0. */
  readonly apply: (grid: TraceGrid, spec: TraceEditSpec) => CutRecord;
};

/** What an edit of the prompt may look at besides the messages. */
export type PromptContext = { readonly material: (spec: MaterialSpec) => Material | undefined };

export type PromptEditResult = {
  readonly messages: readonly Message[];
  readonly replacements: readonly PromptChange[];
  /** The value of the attribute that the prompt names, when it names exactly one; the effect is signed by it. */
  readonly level?: string;
  /** Option as answered after this edit → option as the record means it, where the edit renames them. */
  readonly answerNames?: ReadonlyMap<string, string>;
  /** Why the edit cannot be made of this prompt; the example then takes no part in its conditions, and is counted. */
  readonly impossible?: string;
};

export type PromptEdit = {
  readonly descriptor: PromptEditDescriptor;
  /** @throws UserError when the parameters make no sense. An edit that touches nothing returns no replacements. */
  readonly apply: (messages: readonly Message[], params: ParamValues, context?: PromptContext) => PromptEditResult;
  /** What a model must write before the edit can be made. */
  readonly needs?: (messages: readonly Message[], params: ParamValues) => readonly MaterialSpec[];
  /** The same edit inside the trace, for parameters that ask for it. */
  readonly inTrace?: (reasoning: string, params: ParamValues) => readonly TextChange[];
  /** Words of the values that were swapped, to look for in traces (`attributeInTrace`). */
  readonly values: (params: ParamValues) => readonly string[];
  /** Readable suffix of a condition's alias: `swap:nationality`. */
  readonly alias: (params: ParamValues) => string;
};
