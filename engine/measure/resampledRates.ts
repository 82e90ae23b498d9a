// Owns the bootstrap of several rates over the same examples at once: examples are drawn with all that was done to them, so that rates of
// one replicate belong together and curves, differences and areas can be computed from them. Must not know what the rates are of.
import type { Interval } from '../domain/effect';
import type { Cluster } from './clusterBootstrap';
import { percentile } from './percentile';
import { seededRandom } from './seededRandom';

/** One rate's clusters, an entry per example in an order that all columns share; an example that has none adds nothing (whole 0). */
export type RateColumn = readonly Cluster[];

/** By replicate and column, row after row; NaN where a replicate drew nothing readable for a column. */
export type ResampledRates = { readonly columns: number; readonly replicates: number; readonly rates: Float64Array };

/** sum(part) / sum(whole) of every column in every replicate. */
export function resampledRates(
  columns: readonly RateColumn[],
  { replicates, seed }: { readonly replicates: number; readonly seed: number },
): ResampledRates {
  const size = columns.length;
  const examples = columns[0]?.length ?? 0;
  const parts = flatten(columns, examples, (cluster) => cluster.part);
  const wholes = flatten(columns, examples, (cluster) => cluster.whole);
  const rates = new Float64Array(size * replicates);
  const random = seededRandom(seed);
  const [part, whole] = [new Float64Array(size), new Float64Array(size)];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    part.fill(0);
    whole.fill(0);
    for (let draw = 0; draw < examples; draw += 1) {
      const from = Math.floor(random() * examples) * size;
      for (let column = 0; column < size; column += 1) {
        part[column]! += parts[from + column]!;
        whole[column]! += wholes[from + column]!;
      }
    }
    for (let column = 0; column < size; column += 1) {
      rates[replicate * size + column] = whole[column]! > 0 ? part[column]! / whole[column]! : Number.NaN;
    }
  }
  return { columns: size, replicates, rates };
}

/** Example after example, so that one drawn example lies in one piece. */
function flatten(columns: readonly RateColumn[], examples: number, pick: (cluster: Cluster) => number): Float64Array {
  const flat = new Float64Array(columns.length * examples);
  columns.forEach((column, index) => {
    column.forEach((cluster, example) => {
      flat[example * columns.length + index] = pick(cluster);
    });
  });
  return flat;
}

/** The value of a function of a replicate's rates over all replicates, ascending; replicates for which it is NaN are left out. */
export function resampledValues(
  { columns, replicates, rates }: ResampledRates,
  value: (rates: Float64Array) => number,
): Float64Array {
  const values = new Float64Array(replicates);
  let count = 0;
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const one = value(rates.subarray(replicate * columns, (replicate + 1) * columns));
    if (!Number.isNaN(one)) values[count++] = one;
  }
  return values.subarray(0, count).sort();
}

/** Percentile interval of such values; `null` when there are none. */
export function percentileInterval(sorted: Float64Array, confidence = 0.95): Interval | null {
  const low = percentile(sorted, (1 - confidence) / 2);
  const high = percentile(sorted, (1 + confidence) / 2);
  return low === null || high === null ? null : [low, high];
}

/** Standard deviation of values; 0 for fewer than two. */
export function spread(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
