// Owns how numbers look in tables, figures and sentences. A missing number is a dash, never NaN.
import type { Interval } from '../domain/effect';

export const missing = '–';

/** `0.852` as `85.2%`. */
export function percent(rate: number | null | undefined, digits = 1): string {
  return typeof rate === 'number' ? `${(rate * 100).toFixed(digits)}%` : missing;
}

/** `[0.802, 0.891]` as `80.2–89.1`, in percent. */
export function percentRange(interval: Interval | null | undefined): string {
  return interval ? `${(interval[0] * 100).toFixed(1)}–${(interval[1] * 100).toFixed(1)}` : missing;
}

/** Whole numbers as they are, sums of shares with one decimal; thousands apart. */
export function count(value: number): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(1);
  const [whole = '', decimals] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? grouped : `${grouped}.${decimals}`;
}

/** A p-value, with three decimals down to `<0.001`. */
export function pValue(p: number | null | undefined): string {
  if (typeof p !== 'number') return missing;
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

/** `1 example`, `2 examples`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}
