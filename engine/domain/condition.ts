// Owns what a condition is: prompt edit × trace edit × readout, its canonical form and its readable alias.
// Must not know how edits are applied (engine/interventions) or answers read (engine/answers, engine/service).
import { type ConditionId, canonicalJson } from './ids';
import type { ParamValues } from './params';

/** How much of the reasoning stays. `fraction`: of its token ids; `steps`: whole steps; `offset`: up to a UTF-16 offset of the reasoning. */
export type Keep =
  | { readonly unit: 'fraction'; readonly value: number }
  | { readonly unit: 'steps'; readonly value: number }
  | { readonly unit: 'offset'; readonly value: number };

/** `closed`: the record's own closing bytes follow, the model must answer now. `open`: nothing follows, it may go on reasoning. */
export type Close = 'closed' | 'open';

/** `forced`: the options are scored exactly. `continued`: text is regenerated and the answer is read in it. */
export type ReadoutKind = 'forced' | 'continued';

/**
 * `id` names an entry of the trace-edit table. `params` is there for edits that rewrite the reasoning before it is cut and closed, and
 * for cuts that look at what it says; a mere cut has none, so that cuts at the same place are one condition.
 */
export type TraceEditSpec = {
  readonly id: string;
  readonly keep: Keep;
  readonly close: Close;
  readonly params?: ParamValues;
};

/** `id` names an entry of the prompt-edit table; `none` has no parameters. */
export type PromptEditSpec = { readonly id: string; readonly params: ParamValues };

export type ConditionSpec = {
  readonly promptEdit: PromptEditSpec;
  readonly traceEdit: TraceEditSpec;
  readonly readout: ReadoutKind;
};

export type Condition = ConditionSpec & { readonly id: ConditionId; readonly alias: string };

/** The presets of an experiment by default, in the order in which tables show them. */
export const defaultTraceEdits: readonly string[] = ['free', 'frozen', 'tag-stripped', 'half-truncated', 'half-closed'];

export const noPromptEdit: PromptEditSpec = { id: 'none', params: {} };

export const isSwapped = (condition: ConditionSpec): boolean => condition.promptEdit.id !== 'none';

/** What makes a trace edit that edit and no other: of a mere cut, not its name, and of nothing kept, not its unit. */
export const canonicalTraceEdit = ({ id, keep, close, params }: TraceEditSpec): object =>
  params === undefined ? { keep: keep.value === 0 ? nothing : keep, close } : { id, params, keep, close };

const nothing: Keep = { unit: 'fraction', value: 0 };

/** Whether the recorded reasoning is only cut, not rewritten. */
export const isMereCut = ({ params }: TraceEditSpec): boolean => params === undefined;

/** Whether all of the recorded reasoning stands and is closed, as in `frozen`. */
export const keepsWhole = (spec: TraceEditSpec): boolean =>
  isMereCut(spec) && spec.close === 'closed' && spec.keep.unit === 'fraction' && spec.keep.value === 1;

/** The text whose hash is the condition's id: the preset's name is not part of it, equal edits are equal conditions. */
export function canonicalCondition(spec: ConditionSpec): string {
  const traceEdit = canonicalTraceEdit(spec.traceEdit);
  return canonicalJson({ promptEdit: spec.promptEdit, traceEdit, readout: spec.readout });
}
