// Owns what a pilot promises: per condition the interval that the whole file would have, and the time that it would take. Must not know runs.
import type { ConditionEffect, RunSummary } from '../domain/effect';
import { examplesForWidth, expectedWidth, readableOf } from '../measure/expectedWidth';
import { count, counted, missing, percent } from './numbers';
import type { Table } from './table';

export type Pilot = {
  readonly summary: RunSummary;
  /** Examples of the files, and how long one of the pilot took. */
  readonly examples: number;
  readonly perExampleMs: number;
  /** Examples that the whole run draws again, each condition by itself. */
  readonly noiseExamples: number;
};

/** An interval of five points either way: what most claims about a kept rate need. */
export const wantedWidth = 0.1;

/** Expected width in percentage points, half of it to either side. */
export function pilotTable({ summary, examples, perExampleMs, noiseExamples }: Pilot): Table {
  const { effects, done } = summary;
  return {
    caption: `Pilot: ${counted(done, 'example')} drawn at random of ${count(examples)}`,
    columns: [
      { id: 'condition', title: 'condition', align: 'left' },
      { id: 'keptRate', title: 'kept rate', align: 'right' },
      { id: 'pilotWidth', title: 'now', align: 'right' },
      { id: 'expectedWidth', title: `with all ${count(examples)}`, align: 'right' },
      { id: 'examplesForWidth', title: 'n for ±5', align: 'right' },
    ],
    rows: effects.map((effect) => rowOf(effect, readableOf(effect.keptRate, done, examples))),
    notes: [
      'now, with all: half the expected width of the 95% interval, in percentage points; n for ±5: readable examples for five points either way.',
      `time: about ${duration(perExampleMs * examples)} for all ${count(examples)} (${duration(perExampleMs)} an example)${
        noiseExamples > 0 ? `, and the redraws of about ${count(noiseExamples)} examples for the noise floor` : ''
      }.`,
      'A pilot is for planning: report the whole run, not these rates.',
    ].map((text) => ({ mark: '', text })),
  };
}

function rowOf({ condition, keptRate }: ConditionEffect, readable: number): readonly string[] {
  const now = keptRate.interval && keptRate.interval[1] - keptRate.interval[0];
  const needed = examplesForWidth(keptRate, wantedWidth);
  const later = expectedWidth(keptRate, readable);
  return [condition.alias, percent(keptRate.rate), half(now), half(later), needed === null ? missing : count(needed)];
}

const half = (width: number | null): string => (width === null ? missing : `±${((width / 2) * 100).toFixed(1)}`);

/** `40 s`, `12 min`, `3.5 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 100_000) return `${Math.round(ms / 1000)} s`;
  return ms < 6_000_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}
