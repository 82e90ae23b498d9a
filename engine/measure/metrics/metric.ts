// Owns what a measure of the literature is: its page, and how it is computed from the outcomes of a run's conditions.
// Must not know how runs are made or shown. A measure looks at what conditions are, never at their position in a run.
import type { Condition } from '../../domain/condition';
import type { MeasureRow, Rate } from '../../domain/effect';
import { bootstrapStatistic } from '../bootstrapStatistic';
import { type BootstrapOptions, bootstrapDefaults } from '../clusterBootstrap';
import type { ExampleOutcomes } from '../exampleOutcomes';
import { clusterRate } from '../rates';

/** What `counterthought explain` says about it. Plain text. */
export type MetricPage = {
  /** Lower case with hyphens. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly formula: string;
  readonly source: string;
  readonly pitfalls: readonly string[];
  readonly advice: readonly string[];
};

export type MetricInput = {
  readonly conditions: readonly Condition[];
  /** The answers to choose between. */
  readonly options: readonly string[];
  /** The answer toward which effects are signed; the first one when left out. */
  readonly toward?: string | undefined;
  readonly examples: readonly ExampleOutcomes[];
  readonly bootstrap: Required<BootstrapOptions>;
};

export type Metric = MetricPage & {
  /** Empty where the run lacks the conditions or the labels that it needs. */
  readonly measure: (input: MetricInput) => readonly MeasureRow[];
};

export const metricBootstrap = (options: BootstrapOptions): Required<BootstrapOptions> => ({
  ...bootstrapDefaults,
  ...options,
});

export const exampleBootstrap = 'bootstrap over examples';

/** Mean of a value per example that lies between 0 and 1, with its interval. */
export function meanRate(values: readonly number[], bootstrap: BootstrapOptions): Rate {
  return clusterRate(
    values.map((part) => ({ part, whole: 1 })),
    bootstrap,
  );
}

/** A statistic of the examples with its bootstrap interval; `rate` `null` where it is undefined. */
export function statisticRate<Item>(
  items: readonly Item[],
  statistic: (items: readonly Item[]) => number | null,
  bootstrap: BootstrapOptions,
): Rate {
  const rate = statistic(items);
  const interval = rate === null ? null : bootstrapStatistic(items, statistic, bootstrap);
  return { n: items.length, rate, interval, method: exampleBootstrap };
}

export const row = (label: string, value: Rate, more: Partial<MeasureRow> = {}): MeasureRow => ({
  label,
  value,
  unit: 'share',
  note: null,
  ...more,
});
