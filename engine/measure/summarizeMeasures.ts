// Owns which measures of the literature a run can tell, and what they say. Must not know any particular one.
import type { MeasureResult } from '../domain/effect';
import { metrics } from './metrics';
import type { MetricInput } from './metrics/metric';

/** In the table's order; measures whose conditions or labels are not in the run are left out. */
export function summarizeMeasures(input: MetricInput): readonly MeasureResult[] {
  return metrics.flatMap(({ id, title, measure }) => {
    const rows = measure(input);
    return rows.length === 0 ? [] : [{ id, title, rows }];
  });
}
