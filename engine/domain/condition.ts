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

export type TraceEditSpec = { readonly id: string; readonly keep: Keep; readonly close: Close };

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

/** The text whose hash is the condition's id: the preset's name is not part of it, equal edits are equal conditions. */
export function canonicalCondition(spec: ConditionSpec): string {
  const { keep, close } = spec.traceEdit;
  return canonicalJson({ promptEdit: spec.promptEdit, traceEdit: { keep, close }, readout: spec.readout });
}
