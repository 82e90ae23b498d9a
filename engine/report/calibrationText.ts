// Owns how a figure says that its numbers were checked against models whose answers are planted. Must not know where that is recorded.

import { isSwapped } from '../domain/condition';
import type { ConditionEffect, Interval } from '../domain/effect';
import { count, percent } from './numbers';

/** One row of a recorded calibration. */
export type CalibrationRow = {
  readonly organism: string;
  readonly condition: string;
  readonly planted: number;
  readonly measured: number | null;
  readonly interval: Interval | null;
  readonly n: number;
  /** Share of examples whose answer is the planted one. */
  readonly agreement: number;
};

/** A sentence per model of known answers, on those of these conditions that were calibrated on it; none where nothing was. */
export function calibrationTexts(
  effects: readonly ConditionEffect[],
  rows: readonly CalibrationRow[],
): readonly string[] {
  const shown = new Set(effects.map(({ condition }) => keyOf(condition.alias, isSwapped(condition))));
  const relevant = rows.filter(({ condition }) => shown.has(keyOf(condition, condition.includes('+'))));
  const organisms = [...new Set(relevant.map(({ organism }) => organism))];
  return organisms.map((organism) => {
    const own = relevant.filter((one) => one.organism === organism);
    const parts = own.map(
      ({ condition, planted, measured }) =>
        `${condition.split('+')[0]} planted ${percent(planted)}, measured ${percent(measured)}`,
    );
    const agreement = Math.min(...own.map((one) => one.agreement));
    const n = Math.min(...own.map((one) => one.n));
    return `Calibrated on ${organism} (${count(n)} examples, at least ${percent(agreement)} of the answers as planted): ${parts.join('; ')}.`;
  });
}

/** The trace edit, and whether the prompt was edited: which attribute is swapped does not matter to the instrument. */
const keyOf = (alias: string, edited: boolean): string => `${alias.split('+')[0]}${edited ? '+' : ''}`;
