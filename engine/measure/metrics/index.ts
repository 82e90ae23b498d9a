// Owns the table of measures. To add one: a file of its own, and its line here; the report, `explain` and the battery derive from it.
import { accuracy } from './accuracy';
import { crossFittedFlips } from './crossFittedFlips';
import { earlyAnswering } from './earlyAnswering';
import { addingMistakes, fillerTokens, paraphrase } from './editAreas';
import { faithfulAtKMetric } from './faithfulAtK';
import { hintSwitching } from './hintSwitching';
import { counterfactualImportance, forcedImportance, resamplingImportance } from './importance';
import { mediation } from './mediation';
import type { Metric } from './metric';
import { normalizedUnfaithfulness } from './normalizedUnfaithfulness';
import { readoutAgreement } from './readoutAgreement';

export const metrics: readonly Metric[] = [
  mediation,
  readoutAgreement,
  earlyAnswering,
  accuracy,
  normalizedUnfaithfulness,
  addingMistakes,
  paraphrase,
  fillerTokens,
  hintSwitching,
  faithfulAtKMetric,
  crossFittedFlips,
  forcedImportance,
  resamplingImportance,
  counterfactualImportance,
];
