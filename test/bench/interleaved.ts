// Owns measuring steps in turns, so that what else the machine does meets all of them alike, and reading the figures off.
// Must not know what the steps are.
import { type Measured, median } from './measured';

export type Step = { readonly key: string; readonly measure: () => Promise<Measured> };

export type Samples = ReadonlyMap<string, readonly Measured[]>;

/** Every step once a round. `report` is told of each. */
export async function measureInTurns(
  steps: readonly Step[],
  repeats: number,
  report: (line: string) => void,
): Promise<Samples> {
  const samples = new Map<string, Measured[]>();
  for (let round = 1; round <= repeats; round++) {
    for (const { key, measure } of steps) {
      const measured = await measure();
      const list = samples.get(key) ?? [];
      list.push(measured);
      samples.set(key, list);
      report(`${round}/${repeats} ${key}: ${Math.round(measured.cpuMs)} CPU ms, ${Math.round(measured.wallMs)} ms`);
    }
  }
  return samples;
}

export type Figure = 'cpuMs' | 'wallMs' | 'rssMb' | 'tokens';

/** A step's figure; NaN when it was not measured. */
export type Figures = (key: string, figure?: Figure) => number;

/** Medians over rounds. `time`: what stands for time where a row does not say. */
export const medians =
  (samples: Samples, time: 'cpuMs' | 'wallMs'): Figures =>
  (key, figure = time) => {
    const list = samples.get(key) ?? [];
    return list.length === 0 ? Number.NaN : median(list.map((one) => one[figure]));
  };

/** The figures of one round. */
export const ofRound =
  (samples: Samples, round: number): Figures =>
  (key, figure = 'cpuMs') => {
    const list = samples.get(key) ?? [];
    return list[Math.min(round, list.length - 1)]?.[figure] ?? Number.NaN;
  };

/** Whether every round of both steps wrote the same ids. */
export function sameIds(samples: Samples, one: string, other: string): boolean {
  const written = [one, other].flatMap((key) => (samples.get(key) ?? []).map(({ ids }) => JSON.stringify(ids)));
  return written.length > 0 && new Set(written).size === 1;
}
