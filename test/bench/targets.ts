// Owns the rows that compare this engine with transformers.js on the same file, with the targets for the 135M model.
import type { RealPrecision } from '../support/realModel';
import type { Figures } from './interleaved';
import { sameIds } from './interleaved';
import { memoryRow } from './memory';
import { selfRows } from './ownSteps';
import type { RowSpec } from './rows';
import { answerTokens, samplesPerCondition } from './workload';

const selfTargets = { fp32: { many: 9, verify: 14 }, int4: { many: 6, verify: 8 } } as const;

/** CPU time of a token after the first. */
const perDecoded = (of: Figures, plain: string, prefill: string): number =>
  (of(plain) - of(prefill)) / (answerTokens - 1);

/** Every sample of every open condition and every option of every closed one as a call of its own, for both prompts. */
export const independentCost = (of: Figures, name: string): number =>
  2 * (samplesPerCondition * of(`${name}/transformers open`) + of(`${name}/transformers closed`));

export function precisionRows(name: RealPrecision): readonly RowSpec[] {
  return [...selfRows(name, name, selfTargets[name]), ...forkRows(name), ...plainRows(name), ...memoryRows(name)];
}

function forkRows(name: RealPrecision): readonly RowSpec[] {
  return [
    {
      work: `ten forks scored and ${answerTokens} tokens decoded each, over ten transformers.js generates, times cheaper (${name})`,
      ratio: (of) => of(`${name}/transformers forks`) / of(`${name}/forks`),
      target: { atLeast: name === 'fp32' ? 10 : 9 },
      condition: (samples) => sameIds(samples, `${name}/transformers forks`, `${name}/forks`),
    },
    {
      work: `the same over one plain transformers.js re-run of ${answerTokens} tokens (${name})`,
      ratio: (of) => of(`${name}/forks`) / of(`${name}/transformers plain`),
      target: name === 'fp32' ? { atMost: 1.1 } : null,
    },
    {
      work: `the default run of an example (10 conditions, ${samplesPerCondition} samples of ${answerTokens} tokens) over independent transformers.js calls, times cheaper (${name})`,
      ratio: (of) => independentCost(of, name) / of(`${name}/default run`),
      target: { atLeast: 15 },
    },
  ];
}

function plainRows(name: RealPrecision): readonly RowSpec[] {
  return [
    {
      work: `prefill over transformers.js (${name})`,
      ratio: (of) => of(`${name}/transformers prefill`) / of(`${name}/prefill`),
      target: { atLeast: 1.3 },
    },
    {
      work: `prefill over transformers.js, its file with num_logits_to_keep (${name})`,
      ratio: (of) => of(`${name}/transformers counted prefill`) / of(`${name}/prefill`),
      target: null,
    },
    {
      work: `plain decode over transformers.js (${name})`,
      ratio: (of) =>
        perDecoded(of, `${name}/transformers plain`, `${name}/transformers prefill`) /
        perDecoded(of, `${name}/plain`, `${name}/prefill`),
      target: name === 'int4' ? { atLeast: 1.3 } : null,
    },
  ];
}

function memoryRows(name: RealPrecision): readonly RowSpec[] {
  return [
    memoryRow(name, name),
    {
      work: `resident memory over transformers.js, same file and stream (${name})`,
      ratio: (of) => of(`${name}/memory of one`, 'rssMb') / of(`${name}/transformers memory`, 'rssMb'),
      target: { atMost: 0.7 },
    },
  ];
}
