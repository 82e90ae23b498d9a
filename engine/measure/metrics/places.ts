// Owns which conditions a measure looks at: mere cuts by what they keep, rewriting edits by their family and place.
// Must not know outcomes.
import { type Condition, isMereCut, isSwapped, keepsWhole, type ReadoutKind } from '../../domain/condition';

/** A cut of the recorded reasoning that rewrites nothing, with the prompt left alone. */
export const isPlainCut = (condition: Condition): boolean => !isSwapped(condition) && isMereCut(condition.traceEdit);

/** The recorded reasoning whole, closed, prompt left alone. */
export const isWhole = (condition: Condition): boolean => !isSwapped(condition) && keepsWhole(condition.traceEdit);

/** No reasoning at all, closed. */
export const isAnsweredAtOnce = ({ traceEdit }: Condition): boolean =>
  isMereCut(traceEdit) && traceEdit.close === 'closed' && traceEdit.keep.value === 0;

/** No reasoning kept, open: the model reasons anew. */
export const isFree = ({ traceEdit }: Condition): boolean =>
  isMereCut(traceEdit) && traceEdit.close === 'open' && traceEdit.keep.value === 0;

/** All of the recorded reasoning, closed or open. */
export const keepsAll = ({ traceEdit }: Condition): boolean =>
  isMereCut(traceEdit) && traceEdit.keep.unit === 'fraction' && traceEdit.keep.value === 1;

/** The readouts that these conditions have, the exact one first: a measure never mixes two, and names the one that it takes. */
export const readoutsOf = (conditions: readonly Condition[]): readonly ReadoutKind[] =>
  (['forced', 'continued'] as const).filter((readout) => conditions.some((one) => one.readout === readout));

/** The whole reasoning, read out alike where the run has that. */
export function wholeFor(conditions: readonly Condition[], readout: ReadoutKind): Condition | undefined {
  const wholes = conditions.filter(isWhole);
  return wholes.find((one) => one.readout === readout) ?? wholes[0];
}

/** How many of a trace's `steps` a plain cut keeps; `null` for a cut that falls anywhere else. */
export function stepsKept(condition: Condition, steps: number): number | null {
  const { keep } = condition.traceEdit;
  if (keep.value === 0) return 0;
  if (keep.unit === 'steps') return Math.min(keep.value, steps);
  return keepsAll(condition) ? steps : null;
}

/** The share of a trace at which an edit takes hold: its step of all steps, else the share that it keeps, else the whole. */
export function placeOf({ traceEdit }: Condition, steps: number): number | null {
  const step = traceEdit.params?.step;
  if (typeof step === 'number') return step >= 1 && step <= steps ? step / steps : null;
  return traceEdit.keep.unit === 'fraction' && traceEdit.keep.value > 0 ? traceEdit.keep.value : 1;
}
