// Owns the definitions of the dose-response curves.
import { type Definition, sources } from './definition';

export const curveDefinitions: readonly Definition[] = [
  {
    id: 'dose-response',
    title: 'Dose-response curve',
    about:
      'The kept rate against how much of the reasoning stays, closed and open, with the prompt left alone and edited.',
    formula: 'kept rate at keep = 0, 0.1 … 1 of the reasoning’s tokens (--conditions curve; curve:5 for other steps)',
    source:
      'Cuts at fixed token shares read by option probabilities: arXiv 2601.23163; the swapped curve beside it is Counterthought’s own.',
    pitfalls: [
      'A jump says that something about there matters, not what: look at the sentence.',
      'On the closed curve the model is made to answer in the middle of a thought, which it was never trained to do.',
    ],
    advice: ['Read closed and open together: the open one lets the model repair what was cut off.'],
  },
  {
    id: 'band',
    title: 'Band over all cuts',
    about: 'Where the whole curve lies, with 95 % confidence for all cuts at once.',
    formula:
      'each cut’s interval at the critical value c = 95 % quantile of max over cuts of |t|, examples resampled whole; c ≥ 1.96',
    source:
      'Simulated: covers the whole true curve in 95 % within Monte Carlo error (test/unit/measure/curve.test.ts).',
    pitfalls: ['It covers one curve, not all curves of the figure at once.'],
    advice: ['Use the band for statements about the shape, the interval for a cut chosen beforehand.'],
    columns: ['band'],
  },
  {
    id: 'aoc',
    title: 'Area over the curve',
    about: 'How much of the reasoning the answer needs, in one number.',
    formula:
      'mean of 1 − kept rate over the cuts’ range (trapezoid); interval: bootstrap of whole curves over examples',
    source: 'Checked by hand-computed trapezoids; token shares as cuts as in arXiv 2601.23163.',
    pitfalls: [
      '0 may mean that the answer was decided before the reasoning, or that the question is easy: arXiv 2402.14897 finds such measures tied to accuracy.',
      'It depends on the grid: fix it beforehand, and compare curves on the same grid only.',
    ],
    advice: ['Give the curve with it. Compare with the curve of the prompt left alone, and with noise.'],
  },
  {
    id: 'gap',
    title: 'Gap',
    about: 'What is left of the prompt’s direct effect when so much of the reasoning stays.',
    formula:
      'kept rate with the prompt left alone − with it edited, on the examples that are readable under both, per cut',
    source: `${sources.own}; at keep 1, closed, it is the direct effect with the trace held fixed (compare arXiv 2402.13950).`,
    pitfalls: [
      'The trace was written under the unedited prompt, so prompt and trace may contradict each other (attribute-in-trace).',
      'Flips both ways cancel in it.',
    ],
    advice: [
      'A gap that falls to 0 along the trace: the reasoning takes over. One that stays: the prompt goes past the reasoning.',
    ],
    columns: ['gap'],
  },
  {
    id: 'decided',
    title: 'Decided at',
    about: 'The cut from which on the answer stands.',
    formula: 'smallest keep from which on the kept rate is never below 80 %',
    source: `${sources.own}; the threshold is fixed, so that nobody tunes it.`,
    pitfalls: ['It is read off the estimates: near the threshold it jumps between cuts from sample to sample.'],
    advice: [
      'With the prompt left alone it tells where the answer is settled; with the prompt edited, where the trace outweighs it.',
    ],
  },
];
