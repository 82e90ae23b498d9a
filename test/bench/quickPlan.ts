// Owns the quick bench: the bundled model alone, this engine against itself.
import path from 'node:path';
import { loadModelText } from '../../engine/text/loadModelText';
import { bundledModel } from '../support/localModel';
import { projectRoot } from '../support/paths';
import { startProcess } from './childProcess';
import type { BenchPlan } from './fullPlan';
import { memoryRow, ownMemorySteps } from './memory';
import type { OwnRequest } from './ownProcess';
import { independentStep, ownSteps, selfRows } from './ownSteps';
import { endlessCopy } from './peers';
import { answerTokens, makeWorkload, samplesPerCondition } from './workload';

const name = 'bundled';

export async function quickPlan(): Promise<BenchPlan> {
  const folder = endlessCopy(bundledModel, path.join(projectRoot, 'dist/bench/bundled'));
  const workload = makeWorkload(await loadModelText(folder));
  const own = await startProcess<OwnRequest>('ownProcess.js', { folder });
  // Targets were set for the 135M model; a small one is bound by what surrounds the products of matrices.
  const rows = selfRows(name, 'bundled model', { many: 6, verify: 8 }).map((row) => ({ ...row, target: null }));
  return {
    about: [own.about],
    warmsUp: true,
    steps: [...(await ownSteps(name, own, workload)), independentStep(name, own, workload)],
    once: ownMemorySteps(name, folder, workload),
    rows: [
      ...rows,
      {
        work: `the default run of an example (10 conditions, ${samplesPerCondition} samples of ${answerTokens} tokens) over independent evaluations, times cheaper (bundled model)`,
        ratio: (of) => of(`${name}/independent`) / of(`${name}/default run`),
        target: null,
      },
      { ...memoryRow(name, 'bundled model'), target: null },
    ],
    bounds: [],
    close: () => own.close(),
  };
}
