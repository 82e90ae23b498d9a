// Owns what is decided of an example before it runs: whether it can be used, and whether it is drawn again for the noise floor.
// Must not know logs or backends.
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import type { ExampleId } from '../domain/ids';
import type { RunManifest } from '../domain/run';
import { matchOption } from './foldAnswer';
import { wholeCount } from './prepareRun';

/** Examples drawn again for the noise floor: a share chosen by their ids, so that no order of the file can bias it. */
export function isRedrawn(example: ExampleId, { exampleCount, spec }: RunManifest): boolean {
  const whole = Math.max(1, wholeCount(spec, exampleCount));
  return Number.parseInt(example.slice(0, 8), 16) / 2 ** 32 < spec.noiseExamples / whole;
}

/** What comes of it, or why the example cannot take part. */
export async function orReason<T>(make: () => T | Promise<T>): Promise<T | string> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** Why the second of two places that hold the same record is skipped. */
export const repeatedReason = 'the same record was met before';

/** Why an example cannot be re-run; `null` when it can. */
export function whyUnusable(example: Example, options: readonly string[]): string | null {
  if (example.opaque !== null) return `its reasoning is ${example.opaque}`;
  if (example.trace.reasoning.trim() === '') return 'its reasoning is empty';
  if (!example.answer) return 'it has no readable answer';
  return matchOption(example.answer.option, options) === null ? 'its answer is none of the options' : null;
}
