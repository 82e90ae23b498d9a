// Owns how conditions are named, parsed and completed: aliases as people type them, ids as hashes, the product of presets and swaps.
// Must not know models or files.
import { createHash } from 'node:crypto';
import {
  type Condition,
  type ConditionSpec,
  canonicalCondition,
  isSwapped,
  noPromptEdit,
  type PromptEditSpec,
  type ReadoutKind,
  type TraceEditSpec,
} from '../domain/condition';
import { UserError } from '../domain/failure';
import { canonicalJson, conditionId } from '../domain/ids';
import { promptEdits, traceEdits } from '../interventions';
import { foldAnswer } from './foldAnswer';

export type Swap = { readonly attribute: string; readonly a: string; readonly b: string };

export const swapSpec = (swap: Swap): PromptEditSpec => ({ id: 'swap', params: { ...swap } });

/** Forced readout exists for closed edits only, and is exact there. */
const readoutOf = (traceEdit: TraceEditSpec): ReadoutKind => (traceEdit.close === 'closed' ? 'forced' : 'continued');

function presetSpec(id: string): TraceEditSpec {
  const edit = traceEdits.find((one) => one.descriptor.id === id);
  if (!edit) {
    const known = traceEdits.map((one) => one.descriptor.id).join(', ');
    throw new UserError(`There is no trace edit "${id}". Known: ${known}; or keep=0.7:closed, keep=0.7:open, curve.`);
  }
  return { id, keep: edit.descriptor.keep, close: edit.descriptor.close };
}

/** `frozen`, or `keep=0.7:open` for a fraction that has no name. */
export function parseTraceEdit(text: string): TraceEditSpec {
  const custom = /^keep=([\d.]+):(open|closed)$/.exec(text);
  if (!custom) return presetSpec(text);
  const value = Number(custom[1]);
  if (!(value >= 0 && value <= 1)) throw new UserError(`"${text}": the kept fraction must lie between 0 and 1.`);
  return { id: 'keep', keep: { unit: 'fraction', value }, close: custom[2] === 'open' ? 'open' : 'closed' };
}

/** `nationality=American:Canadian` */
export function parseSwap(text: string): Swap {
  const match = /^([^=]+)=([^:]+):(.+)$/.exec(text);
  if (!match)
    throw new UserError(`"${text}" is not a swap. Write FIELD=A:B, for example nationality=American:Canadian.`);
  const [, attribute = '', a = '', b = ''] = match.map((part) => part.trim());
  if (foldAnswer(a) === foldAnswer(b))
    throw new UserError(`"${text}" swaps "${a}" with itself; name two different values.`);
  return { attribute, a, b };
}

const traceEditAlias = ({ id, keep, close }: TraceEditSpec): string =>
  id === 'keep' ? `keep=${keep.unit === 'fraction' ? '' : `${keep.unit}-`}${keep.value}:${close}` : id;

function promptEditAlias(spec: PromptEditSpec): string {
  const edit = promptEdits.find((one) => one.descriptor.id === spec.id);
  if (!edit) throw new UserError(`There is no prompt edit "${spec.id}".`);
  return edit.alias(spec.params);
}

/** The condition with its id and its readable alias. */
export function nameCondition(spec: ConditionSpec): Condition {
  const hash = createHash('sha256').update(canonicalCondition(spec)).digest('hex').slice(0, 16);
  const swapped = isSwapped(spec) ? `+${promptEditAlias(spec.promptEdit)}` : '';
  const readout = spec.readout === readoutOf(spec.traceEdit) ? '' : `/${spec.readout}`;
  return { ...spec, id: conditionId(hash), alias: `${traceEditAlias(spec.traceEdit)}${swapped}${readout}` };
}

/** Names them, drops those that coincide, and puts every swapped one's unswapped control before it. */
export function completeConditions(specs: readonly ConditionSpec[]): readonly Condition[] {
  const named = new Map<string, Condition>();
  const add = (spec: ConditionSpec): void => {
    const condition = nameCondition(spec);
    if (!named.has(condition.id)) named.set(condition.id, condition);
  };
  for (const spec of specs) {
    if (isSwapped(spec)) add({ ...spec, promptEdit: noPromptEdit });
    add(spec);
  }
  return [...named.values()];
}

/** Trace edits × (unswapped, swapped). */
export function crossConditions(edits: readonly TraceEditSpec[], swap: Swap | null): readonly ConditionSpec[] {
  const prompts = swap ? [noPromptEdit, swapSpec(swap)] : [noPromptEdit];
  return edits.flatMap((traceEdit) =>
    prompts.map((promptEdit) => ({ promptEdit, traceEdit, readout: readoutOf(traceEdit) })),
  );
}

/**
 * A list as people type it: `frozen,tag-stripped` stands for both the unswapped and, if a swap is asked for, the swapped condition;
 * `curve` stands for all cuts of a dose-response curve, closed and open;
 * `frozen+swap:nationality` for that one (its control is added), `frozen+none` for the unswapped alone. `/continued` and `/forced` choose the readout.
 */
export function parseConditions(list: string, swap: Swap | null): readonly ConditionSpec[] {
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .flatMap((item) => parseCondition(item, swap));
}

/**
 * The trace edits that an item names: one, or with `curve` (`curve:5` for other than ten steps) all of a dose-response curve, keeping
 * 0, 0.1 … 1 of the reasoning, closed and open. The grid is fixed beforehand, so that nobody picks cuts by their results.
 */
function parseTraceEdits(text: string): readonly TraceEditSpec[] {
  const curve = /^curve(?::(\d+))?$/.exec(text);
  if (!curve) return [parseTraceEdit(text)];
  const steps = Number(curve[1] ?? curveSteps);
  if (steps < 2 || steps > mostCurveSteps) {
    throw new UserError(`"${text}": a curve takes 2 to ${mostCurveSteps} steps, for example curve:5.`);
  }
  return (['closed', 'open'] as const).flatMap((close) =>
    Array.from({ length: steps + 1 }, (_, step) => curveEdit(step / steps, close)),
  );
}

const curveSteps = 10;
const mostCurveSteps = 100;

/** A cut that has a name of its own goes by that. */
function curveEdit(value: number, close: TraceEditSpec['close']): TraceEditSpec {
  const edit: TraceEditSpec = { id: 'keep', keep: { unit: 'fraction', value }, close };
  const named = traceEdits.find(({ descriptor }) => {
    return (
      descriptor.id !== 'keep' &&
      canonicalJson([descriptor.keep, descriptor.close]) === canonicalJson([edit.keep, close])
    );
  });
  return named ? { ...edit, id: named.descriptor.id } : edit;
}

function parseCondition(item: string, swap: Swap | null): readonly ConditionSpec[] {
  const [name = '', readout] = item.split('/');
  const [edits = '', prompt] = name.split('+');
  const asked = { readout, prompt, swap, item };
  return parseTraceEdits(edits).flatMap((traceEdit) => specsFor(traceEdit, asked));
}

type Asked = {
  readonly item: string;
  readonly readout: string | undefined;
  readonly prompt: string | undefined;
  readonly swap: Swap | null;
};

function specsFor(traceEdit: TraceEditSpec, { item, readout, prompt, swap }: Asked): readonly ConditionSpec[] {
  const kind = readout === undefined ? readoutOf(traceEdit) : parseReadout(readout, traceEdit);
  if (prompt === undefined) return crossConditions([traceEdit], swap).map((spec) => ({ ...spec, readout: kind }));
  if (prompt === 'none') return [{ promptEdit: noPromptEdit, traceEdit, readout: kind }];
  if (!swap || (prompt !== 'swap' && prompt !== promptEditAlias(swapSpec(swap)))) {
    throw new UserError(`"${item}" needs a swap that says so: --swap ${prompt.replace(/^swap:?/, '') || 'FIELD'}=A:B`);
  }
  return [{ promptEdit: swapSpec(swap), traceEdit, readout: kind }];
}

function parseReadout(text: string, traceEdit: TraceEditSpec): ReadoutKind {
  if (text !== 'forced' && text !== 'continued') {
    throw new UserError(`There is no readout "${text}"; there are forced and continued.`);
  }
  if (text === 'forced' && traceEdit.close === 'open') {
    throw new UserError(`${traceEdit.id} leaves the reasoning open, so its answer cannot be forced; use /continued.`);
  }
  return text;
}

/** sha256 of the canonical JSON of a value: the hash that stands under every figure. */
export const hashOf = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
