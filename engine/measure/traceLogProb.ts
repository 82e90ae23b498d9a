// Owns how probable the running model finds the recorded reasoning: the mean over examples of the mean log-probability per token.
import type { Interval, Rate } from '../domain/effect';
import type { TraceCheck } from '../domain/run';
import { fewestExamples } from './bootstrapStatistic';
import { type BootstrapOptions, clusterBootstrap } from './clusterBootstrap';

/** In nats per token; `null` where it was not scored or the reasoning has no tokens. */
export const logProbPerToken = ({ logProb, tokens }: TraceCheck): number | null =>
  logProb === null || tokens === 0 ? null : logProb / tokens;

/** `null` where no example was scored. */
export function traceLogProb(checks: readonly TraceCheck[], bootstrap: BootstrapOptions): Rate | null {
  const values = checks.flatMap((check) => logProbPerToken(check) ?? []);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { n: values.length, rate: mean, interval: intervalOf(values, bootstrap), method: 'bootstrap over examples' };
}

/** `null` below so many examples as teach a bootstrap something, and where all draws agree, because it would claim certainty. */
function intervalOf(values: readonly number[], bootstrap: BootstrapOptions): Interval | null {
  if (values.length < fewestExamples) return null;
  const interval = clusterBootstrap(
    values.map((part) => ({ part, whole: 1 })),
    bootstrap,
  );
  return interval?.[0] === interval?.[1] ? null : interval;
}
