// Owns how a figure or table says that its numbers were checked against models whose answers are planted. Must not know where that is
// recorded.

import { isSwapped } from '../domain/condition';
import type { ConditionEffect, DoseCurve, Interval, MeasureResult } from '../domain/effect';
import { count, percent } from './numbers';

/** One row of a recorded calibration. */
export type CalibrationRow = {
  readonly organism: string;
  /** A condition, the curve of one (`curve:closed`), or a measure. */
  readonly condition: string;
  /** `kept`, `went on`, `probability`, `draws`, `gap`, `area`, or a row of the measure. */
  readonly quantity: string;
  readonly planted: number;
  readonly measured: number | null;
  readonly interval: Interval | null;
  readonly n: number;
  /** Share of examples that are as planted. */
  readonly agreement: number;
};

/** A number that a figure or table shows, named as calibrations name theirs. */
export type ShownNumber = Pick<CalibrationRow, 'condition' | 'quantity'>;

/** Numbers of conditions that calibrations have. */
export type ConditionQuantity = 'kept' | 'probability' | 'draws' | 'went on';

export function shownOfConditions(
  effects: readonly ConditionEffect[],
  quantities: readonly ConditionQuantity[],
): readonly ShownNumber[] {
  return effects.flatMap(({ condition }) => {
    const key = keyOf(condition.alias, isSwapped(condition));
    return quantities.map((quantity) => ({ condition: key, quantity }));
  });
}

/** Areas of these curves, and the gaps between them. */
export function shownOfCurves(
  curves: readonly DoseCurve[],
  effects: readonly ConditionEffect[],
): readonly ShownNumber[] {
  return curves.flatMap(({ close, readout, gaps, points }) => {
    const cuts = points.map((point) => effects.find(({ condition }) => condition.id === point.condition));
    const edited = cuts.some((cut) => cut && isSwapped(cut.condition));
    const isUsual = readout === (close === 'closed' ? 'forced' : 'continued');
    const area = isUsual ? [{ condition: keyOf(`curve:${close}`, edited), quantity: 'area' }] : [];
    const shown = gaps.length === 0 ? [] : cuts.flatMap((cut) => cut ?? []);
    return [...area, ...shown.map((cut) => ({ condition: keyOf(cut.condition.alias, edited), quantity: 'gap' }))];
  });
}

export const shownOfMeasures = (measures: readonly MeasureResult[]): readonly ShownNumber[] =>
  measures.flatMap(({ id, rows }) => rows.map(({ label }) => ({ condition: id, quantity: label })));

/** A sentence per model of known answers, on those of these numbers that were calibrated on it; none where nothing was. */
export function calibrationTexts(shown: readonly ShownNumber[], rows: readonly CalibrationRow[]): readonly string[] {
  const keys = new Set(shown.map(({ condition, quantity }) => `${condition} ${quantity}`));
  const relevant = rows.filter(({ condition, quantity }) =>
    keys.has(`${keyOf(condition, condition.includes('+'))} ${quantity}`),
  );
  const organisms = [...new Set(relevant.map(({ organism }) => organism))];
  return organisms.map((organism) => {
    const own = relevant.filter((one) => one.organism === organism);
    const quantities = [...new Set(own.map(({ quantity }) => quantity))];
    const parts = quantities.flatMap((quantity) => inWords(own.filter((one) => one.quantity === quantity)));
    const agreement = Math.min(...own.map((one) => one.agreement));
    const n = Math.min(...own.map((one) => one.n));
    return `Calibrated on ${organism} (${count(n)} examples, at least ${percent(agreement)} of them as planted): ${parts.join('; ')}.`;
  });
}

/** A longer list says how far off the worst is. */
const mostListed = 6;

/** Rows of one quantity. */
function inWords(rows: readonly CalibrationRow[]): readonly string[] {
  if (rows.length <= mostListed) return rows.map(rowInWords);
  const worst = rows.reduce((found, row) => (distance(row) > distance(found) ? row : found));
  const { quantity } = worst;
  return [
    `${quantity === 'kept' ? 'kept rates' : quantity} at ${rows.length} cuts, the farthest off ${rowInWords(worst)}`,
  ];
}

const distance = ({ planted, measured }: CalibrationRow): number => Math.abs(planted - (measured ?? 0));

function rowInWords(row: CalibrationRow): string {
  const { planted, measured } = row;
  return `${nameOf(row)} planted ${calibrated(row, planted)}, measured ${calibrated(row, measured)}`;
}

function nameOf({ condition, quantity }: CalibrationRow): string {
  const [edit = '', readout] = [condition.split(/[+/]/)[0], condition.split('/')[1]];
  const name = readout === undefined ? edit : `${edit}/${readout}`;
  if (quantity === 'kept') return name;
  const prompt = condition.includes('+') ? ', prompt swapped,' : '';
  return /[()]/.test(quantity) ? quantity : `${name}${prompt} ${quantity}`;
}

const shareQuantities: readonly string[] = ['kept', 'went on', 'probability', 'draws', 'sampler', 'gap'];

/** A number of a calibration: shares and gaps in percent, areas and effects as they are, from −1 to 1. */
export function calibrated({ quantity }: Pick<CalibrationRow, 'quantity'>, value: number | null): string {
  const text = shareQuantities.includes(quantity) || value === null ? percent(value) : value.toFixed(3);
  return /^-[0.]+%?$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

/** The trace edit, its readout if it is named, and whether the prompt was edited: the instrument does not care which attribute is swapped. */
function keyOf(alias: string, edited: boolean): string {
  const readout = alias.split('/')[1];
  return `${alias.split(/[+/]/)[0]}${edited ? '+' : ''}${readout === undefined ? '' : `/${readout}`}`;
}
