// Owns how dose-response curves are called and which belong together: a curve under an edited prompt and the one with the prompt left alone.
import { noPromptEdit } from '../domain/condition';
import type { DoseCurve } from '../domain/effect';

/** A curve whose prompt is edited beside its control, or one that stands alone. */
export type CurvePair = { readonly plain: DoseCurve | null; readonly edited: DoseCurve | null };

export const isEdited = ({ promptEdit }: DoseCurve): boolean => promptEdit.id !== noPromptEdit.id;

/** In the order of the curves; closed ones first, as they come. */
export function curvePairs(curves: readonly DoseCurve[]): readonly CurvePair[] {
  const plains = curves.filter((curve) => !isEdited(curve));
  const edited = curves.filter(isEdited);
  const plainOf = (curve: DoseCurve): DoseCurve | null =>
    plains.find(({ close, readout }) => close === curve.close && readout === curve.readout) ?? null;
  const pairs = edited.map((curve) => ({ plain: plainOf(curve), edited: curve }));
  const alone = plains.filter((plain) => !pairs.some((pair) => pair.plain === plain));
  const all: CurvePair[] = [...pairs, ...alone.map((plain) => ({ plain, edited: null }))];
  return all.sort((a, b) => curves.indexOf(a.plain ?? a.edited!) - curves.indexOf(b.plain ?? b.edited!));
}

/** `closed`, `open, nationality swapped`; the values are named where several edits would be called alike. */
export function curveTitle(curve: DoseCurve, curves: readonly DoseCurve[]): string {
  const title = shortTitle(curve);
  const alike = curves.filter((other) => shortTitle(other) === title).length;
  const { a, b } = curve.promptEdit.params;
  return alike > 1 && a !== undefined && b !== undefined ? `${title} (${a} / ${b})` : title;
}

function shortTitle(curve: DoseCurve): string {
  return [closeTitle(curve), ...(isEdited(curve) ? [editTitle(curve)] : [])].join(', ');
}

/** `closed`, or `closed, continued` where its answer is not read as usual. */
export function closeTitle({ close, readout }: DoseCurve): string {
  return close === 'closed' && readout === 'continued' ? 'closed, continued' : close;
}

/** `nationality swapped`. */
export function editTitle({ promptEdit }: DoseCurve): string {
  const { attribute } = promptEdit.params;
  if (promptEdit.id === 'swap') return `${attribute ?? 'attribute'} swapped`;
  if (promptEdit.id === 'placebo') return `${attribute ?? 'attribute'} swapped as a placebo`;
  if (promptEdit.id === 'paraphrased-prompt') return 'prompt paraphrased as a placebo';
  return `prompt edited (${promptEdit.id})`;
}
