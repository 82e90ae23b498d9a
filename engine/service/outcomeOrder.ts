// Owns the order of a run's examples under a condition: as in their file, or by what became of the recorded answer. Must not know logs or pages.
import type { OutcomeOrder } from '../domain/comparison';
import { type Condition, canonicalTraceEdit, isSwapped } from '../domain/condition';
import { type ConditionId, canonicalJson } from '../domain/ids';
import type { ExampleState } from '../domain/runState';
import { optionOf } from './summary';

/** What an order needs of the run: its conditions and its options. */
export type OrderSetup = { readonly conditions: readonly Condition[]; readonly options: readonly string[] };

/** The condition that differs by the prompt alone, which is as recorded there. */
export const controlConditionOf = (of: Condition, conditions: readonly Condition[]): Condition | undefined =>
  conditions.find((one) => !isSwapped(one) && one.readout === of.readout && sameEdit(one, of));

const sameEdit = (a: Condition, b: Condition): boolean =>
  canonicalJson(canonicalTraceEdit(a.traceEdit)) === canonicalJson(canonicalTraceEdit(b.traceEdit));

/** The exact probability of the recorded answer, where the answer was forced. */
export function recordedProbability(state: ExampleState, condition: ConditionId, options: OrderSetup['options']) {
  return state.results.get(condition)?.[0]?.probabilities?.[options.indexOf(state.recorded)] ?? null;
}

/** As above; else the share of readable samples that gave it. `null`: none could be read. */
function confidence(state: ExampleState, condition: ConditionId, options: OrderSetup['options']): number | null {
  const exact = recordedProbability(state, condition, options);
  if (exact !== null) return exact;
  const readable = (state.results.get(condition) ?? []).map(optionOf).filter((option) => option !== null);
  return readable.length === 0 ? null : readable.filter((option) => option === state.recorded).length / readable.length;
}

/**
 * By how much less probable (-1 to 1) the recorded answer is than under the control; where there is no control, than in the record, which
 * gave it. `null`: one of the two could not be read.
 */
export function dropsUnder(
  condition: Condition,
  { conditions, options }: OrderSetup,
): (state: ExampleState) => number | null {
  const control = isSwapped(condition) ? controlConditionOf(condition, conditions) : undefined;
  return (state) => {
    const before = control ? confidence(state, control.id, options) : 1;
    const now = confidence(state, condition.id, options);
    return before === null || now === null ? null : before - now;
  };
}

type Placed = { readonly ordinal: number; readonly drop: number | null; readonly recordedProbability: number | null };

const orders: Readonly<Record<OutcomeOrder, (a: Placed, b: Placed) => number>> = {
  ordinal: () => 0,
  drop: (a, b) => (b.drop ?? -2) - (a.drop ?? -2),
  recordedProbability: (a, b) => (a.recordedProbability ?? 2) - (b.recordedProbability ?? 2),
};

/** Compares two examples; what is equal stays in the file's order. */
export const byOrder =
  (order: OutcomeOrder = 'ordinal') =>
  (a: Placed, b: Placed): number =>
    orders[order](a, b) || a.ordinal - b.ordinal;
