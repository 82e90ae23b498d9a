// Owns what `counterthought run --pilot` says when its examples are done: the intervals and the time that the whole file would take.
import { examplesForWidth, expectedWidth, readableOf } from '../measure/expectedWidth';
import { type Pilot, pilotTable, wantedWidth } from '../report/pilotTable';
import { textTable } from '../report/textTable';
import type { RunProgress } from '../service/contract';
import { RunQueries } from '../service/runQueries';
import { type CommandInput, note, print, printJson } from './command';

type Emit = (progress: RunProgress) => void;

/** Measures the examples alone: loading the model comes before the plan. */
export function stopwatch(emit: Emit): { readonly emit: Emit; readonly ranMs: () => number } {
  let startedMs = performance.now();
  const timed: Emit = (progress) => {
    if (progress.type === 'planned') startedMs = performance.now();
    emit(progress);
  };
  return { emit: timed, ranMs: () => performance.now() - startedMs };
}

export type PilotRun = { readonly examples: number; readonly noiseExamples: number; readonly ranMs: number };

/** Prints what the pilot tells. @returns 1 when no example could be used. */
export function finishPilot(
  dir: string,
  { values }: CommandInput,
  { examples, noiseExamples, ranMs }: PilotRun,
): 0 | 1 {
  const { summary } = new RunQueries().open(dir);
  const pilot: Pilot = { summary, examples, noiseExamples, perExampleMs: ranMs / Math.max(1, summary.done) };
  if (values.json === true) printJson(pilotJson(pilot));
  else print(textTable(pilotTable(pilot)));
  note(`\nRecorded in ${dir}`);
  return summary.effects.some((effect) => effect.n > 0) ? 0 : 1;
}

function pilotJson({ summary, examples, perExampleMs }: Pilot) {
  return {
    run: summary.run,
    pilotExamples: summary.done,
    examples,
    perExampleMs,
    expectedMs: perExampleMs * examples,
    conditions: summary.effects.map(({ condition, keptRate }) => ({
      alias: condition.alias,
      n: keptRate.n,
      keptRate: keptRate.rate,
      interval: keptRate.interval,
      expectedWidth: expectedWidth(keptRate, readableOf(keptRate, summary.done, examples)),
      examplesForWidth: { width: wantedWidth, n: examplesForWidth(keptRate, wantedWidth) },
    })),
  };
}
