// Owns how probable the running model finds the recorded reasoning: the mean over examples of the mean log-probability per token.
import type { Rate } from '../domain/effect';
import type { TraceCheck } from '../domain/run';
import { bootstrapStatistic } from './bootstrapStatistic';
import type { BootstrapOptions } from './clusterBootstrap';

/** In nats per token; `null` where it was not scored or the reasoning has no tokens. */
export const logProbPerToken = ({ logProb, tokens }: TraceCheck): number | null =>
  logProb === null || tokens === 0 ? null : logProb / tokens;

/** `null` where no example was scored. */
export function traceLogProb(checks: readonly TraceCheck[], bootstrap: BootstrapOptions): Rate | null {
  const values = checks.flatMap((check) => logProbPerToken(check) ?? []);
  if (values.length === 0) return null;
  const mean = (items: readonly number[]): number => items.reduce((sum, value) => sum + value, 0) / items.length;
  const interval = bootstrapStatistic(values, mean, bootstrap);
  return { n: values.length, rate: mean(values), interval, method: 'bootstrap over examples' };
}
