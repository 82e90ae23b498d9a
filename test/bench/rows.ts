// Owns what a row of the result is: a ratio of measured figures, its target, and whether that is met. Must not know how it is printed.
import { type Figures, medians, ofRound, type Samples } from './interleaved';

export type RowSpec = {
  readonly work: string;
  readonly ratio: (figures: Figures) => number;
  /** `null`: stated for completeness. */
  readonly target: { readonly atMost: number } | { readonly atLeast: number } | null;
  /** Must hold besides. */
  readonly condition?: (samples: Samples) => boolean;
};

export type Row = {
  readonly work: string;
  /** Of CPU seconds (or megabytes), medians over rounds; `null`: not measured here. */
  readonly ratio: number | null;
  /** Smallest and largest of the single rounds. */
  readonly range: readonly [number, number] | null;
  /** The same of wall time; for memory, the same number. */
  readonly wallRatio: number | null;
  /** `≤ 1.05` or `≥ 10`; `null`: none. */
  readonly target: string | null;
  readonly met: boolean | null;
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function rowOf({ work, ratio, target, condition }: RowSpec, samples: Samples): Row {
  const found = finite(ratio(medians(samples, 'cpuMs')));
  const rounds = Math.max(0, ...[...samples.values()].map((list) => list.length));
  const single = Array.from({ length: rounds }, (_, round) => ratio(ofRound(samples, round))).filter(Number.isFinite);
  const holds = condition?.(samples) ?? true;
  return {
    work: found === null || holds ? work : `${work} - TOKENS DIFFER`,
    ratio: found,
    range: found === null ? null : [Math.min(...single), Math.max(...single)],
    wallRatio: finite(ratio(medians(samples, 'wallMs'))),
    target: target === null ? null : 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`,
    met: target === null || found === null ? null : holds && isMet(found, target),
  };
}

const isMet = (ratio: number, target: NonNullable<RowSpec['target']>): boolean =>
  'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast;
