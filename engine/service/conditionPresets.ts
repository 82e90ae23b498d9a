// Owns the named lists of conditions, and the named experiments: a list with the swap that it was published with. Data only.
import { defaultTraceEdits } from '../domain/condition';

export type ConditionPreset = { readonly list: string; readonly about: string };

/** The two cells of an edit of the prompt are both run: each name stands for the prompt as it is and as it is swapped. */
export const conditionPresets: Readonly<Record<string, ConditionPreset>> = {
  published: {
    list: defaultTraceEdits.join(','),
    about: 'the conditions of the published experiment, and half of the trace closed',
  },
  mediation: {
    list: 'frozen,swapped-trace',
    about: 'the four cells of prompt × trace: total, direct and indirect effect',
  },
  readouts: { list: 'frozen/both,half-closed/both', about: 'closed traces read both ways, to compare the readouts' },
  halves: {
    list: 'half-closed,first-half-deleted,random-half-deleted',
    about: 'whether it matters which half of the trace is gone',
  },
};

export type Experiment = { readonly swap: string; readonly conditions: string; readonly about: string };

export const experiments: Readonly<Record<string, Experiment>> = {
  loans: {
    swap: 'nationality=American:Canadian',
    conditions: 'published,curve,mediation',
    about:
      'the published loan experiment: nationality swapped, the published conditions, the dose-response curves, mediation',
  },
};
