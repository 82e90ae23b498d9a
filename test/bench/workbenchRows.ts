// Owns the rows of the workbench's bench: what was measured, in which unit, every repeat, its target; and the table of them.
// Must not know how anything was measured.
import type { Machine } from './machine';
import { median } from './measured';

export type Unit = 'ms' | 'kB' | 'modules';

export type WorkbenchRow = {
  readonly what: string;
  readonly unit: Unit;
  /** One for each repeat. */
  readonly values: readonly number[];
  /** At most; `null`: stated for completeness. */
  readonly target: number | null;
};

export type WorkbenchResult = {
  readonly machine: Machine;
  readonly about: readonly string[];
  readonly rows: readonly WorkbenchRow[];
};

export const isMet = ({ values, target }: WorkbenchRow): boolean | null =>
  target === null || values.length === 0 ? null : median(values) <= target;

export function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)] ?? Number.NaN;
}

export function workbenchTable({ machine, about, rows }: WorkbenchResult): string {
  const lines = [
    `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}; ` +
      `load average ${machine.loadAverage}.`,
    '',
    'Wall time in the real VS Code workbench in a real browser, medians of repeats (smallest - largest). Ratio: measured over target.',
    'Server, extension host, engine and browser share the cores; times of the browser are read in the page, frame by frame.',
    '',
    '| what | median | repeats | target | ratio | met |',
    '| --- | ---: | --- | ---: | ---: | --- |',
    ...rows.map(rowLine),
    '',
    ...about.map((line) => `- ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

export function rowLine(row: WorkbenchRow): string {
  const { what, unit, values, target } = row;
  const number = (value: number): string => (unit === 'ms' && value < 20 ? value.toFixed(1) : value.toFixed(0));
  if (values.length === 0) return `| ${what} | not measured | | ${target === null ? '' : `≤ ${target} ${unit}`} | | |`;
  const middle = median(values);
  const range = `${number(Math.min(...values))} - ${number(Math.max(...values))} (${values.length})`;
  const verdict = { true: 'met', false: '**not met**', null: '' }[String(isMet(row))];
  const [wanted, ratio] =
    target === null ? ['', ''] : [`≤ ${target} ${unit}`, target === 0 ? '' : (middle / target).toFixed(2)];
  return `| ${what} | ${number(middle)} ${unit} | ${range} | ${wanted} | ${ratio} | ${verdict} |`;
}
