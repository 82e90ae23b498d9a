// Owns the result as Markdown. Must not know how it was measured.
import { type Bound, boundLines } from './bounds';
import { medians, type Samples } from './interleaved';
import type { Machine } from './machine';
import type { Row } from './rows';

export type Result = {
  readonly machine: Machine;
  readonly about: readonly string[];
  readonly repeats: number;
  readonly rows: readonly Row[];
  readonly bounds: readonly Bound[];
  readonly samples: Samples;
};

/** A peer without a process of its own has no memory to measure. */
const whole = (value: number): string => (Number.isFinite(value) ? value.toFixed(0) : '–');
const number = (value: number | null): string => (value === null ? 'not measured' : value.toFixed(2));

export function resultTable({ machine, about, repeats, rows, bounds, samples }: Result): string {
  const lines = [
    `Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}, Node ${machine.node}; ` +
      `load average ${machine.loadAverage}; one core reads ${machine.readGbPerSecond} GB/s.`,
    '',
    `Ratios of CPU seconds of whole processes with one thread each, medians of ${repeats} interleaved rounds (smallest - largest round).`,
    'Memory is resident memory of a process that did nothing else. Where two sides write the same greedy text, their ids were',
    'compared in every round: a row says TOKENS DIFFER, and its target is not met, if they do.',
    '',
    '| work | ratio | rounds | wall time | target | met |',
    '| --- | ---: | --- | ---: | --- | --- |',
    ...rows.map(rowLine),
    '',
    ...(bounds.length === 0
      ? []
      : ['Bounds:', '', ...boundLines(bounds, machine.readGbPerSecond, medians(samples, 'cpuMs')), '']),
    'Measured:',
    '',
    ...about.map((line) => `- ${line}`),
    '',
    ...costLines(samples),
  ];
  return `${lines.join('\n')}\n`;
}

function rowLine({ work, ratio, range, wallRatio, target, met }: Row): string {
  const verdict = met === null ? '' : met ? 'met' : '**not met**';
  const rounds = range === null ? '' : `${range[0].toFixed(2)} - ${range[1].toFixed(2)}`;
  return `| ${work} | ${number(ratio)} | ${rounds} | ${number(wallRatio)} | ${target ?? ''} | ${verdict} |`;
}

function costLines(samples: Samples): readonly string[] {
  const of = medians(samples, 'cpuMs');
  const lines = [...samples.keys()].map((key) => {
    const [cpu, wall, memory] = [of(key), of(key, 'wallMs'), of(key, 'rssMb')].map(whole);
    return `| ${key} | ${cpu} | ${wall} | ${of(key, 'tokens')} | ${memory} |`;
  });
  return [
    '| step | CPU ms | wall ms | rows evaluated | resident MB |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ];
}
