// Owns the tables of interventions. To add one: a file of its own, and its line here; pickers, help and tests derive from them.
import { beforeConclusion, verdictReversed } from './conclusionEdits';
import { dropStep, replaceStep } from './dropStep';
import { filler } from './filler';
import { swappedTrace, transplanted } from './given';
import { firstHalfDeleted, randomHalfDeleted } from './halves';
import { mistake, paraphrased } from './helperStep';
import type { PromptEdit, TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { noEdit } from './noEdit';
import { paraphrasePrompt } from './paraphrasePrompt';
import { presets } from './presets';
import { replaceText } from './replaceText';
import { shuffleOptions } from './shuffleOptions';
import { placebo, rotate, swap, swapSeveral } from './swap';
import { dropSteps, replaceInTrace } from './wordsInTrace';

export const traceEdits: readonly TraceEdit[] = [
  ...presets.map((descriptor) => ({ descriptor, apply: cutTrace })),
  beforeConclusion,
  verdictReversed,
  firstHalfDeleted,
  randomHalfDeleted,
  dropStep,
  dropSteps,
  replaceStep,
  replaceInTrace,
  filler,
  swappedTrace,
  transplanted,
  paraphrased,
  mistake,
];

export const promptEdits: readonly PromptEdit[] = [
  noEdit,
  swap,
  rotate,
  swapSeveral,
  placebo,
  paraphrasePrompt,
  replaceText,
  shuffleOptions,
];
