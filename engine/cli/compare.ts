// Owns `counterthought compare`: two recorded runs side by side, paired where their examples match.
import { comparisonTable } from '../report/comparisonTable';
import { textTable } from '../report/textTable';
import { RunQueries } from '../service/runQueries';
import { type Command, print, printJson, text, UsageError } from './command';
import { findRun, recordedRunOptions } from './runFolder';

const { out, json } = recordedRunOptions;

export const compare: Command = {
  name: 'compare',
  usage: 'compare RUN_A RUN_B [OPTIONS]',
  about: 'Compares two recorded runs, condition by condition, on the examples that both have.',
  options: { ...(out ? { out } : {}), ...(json ? { json } : {}) },
  run: async ({ files, values }) => {
    const [first, second] = files;
    if (first === undefined || second === undefined || files.length > 2) {
      throw new UsageError('compare takes two runs (their folders or ids).');
    }
    const where = text(values, 'out');
    const comparison = new RunQueries().compare({ first: findRun(first, where), second: findRun(second, where) });
    if (values.json === true) printJson(comparison);
    else print(textTable(comparisonTable(comparison)));
    return comparison.conditions.length > 0 ? 0 : 1;
  },
};
