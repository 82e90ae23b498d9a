// Owns the definitions of what an effect is read against: replication, control, noise, the manipulation check.
import { type Definition, sources } from './definition';

export const baselines: readonly Definition[] = [
  {
    id: 'replication',
    title: 'Replication',
    about: 'Does the model give the recorded answer again when nothing is changed?',
    formula: 'kept rate of frozen (whole reasoning, closed) with the prompt left alone',
    source: sources.own,
    pitfalls: [
      'Below 100 % something differs from when the trace was made: sampling, precision, template, or the reader of the answer.',
      'A trace that states its answer replicates under almost any model.',
    ],
    advice: ['Find the cause before reading any effect; the examples that do not replicate are listed under frozen.'],
  },
  {
    id: 'control',
    title: 'Control',
    about: 'What the trace edit does by itself.',
    formula: 'kept rate of the same trace edit and readout with the prompt left alone',
    source: `${sources.own}: the floor for “swapped and cut at k” is “not swapped and cut at k”.`,
    pitfalls: ['Replication is the control of frozen only. Half a trace flips answers without any swap.'],
    advice: ['The effect of the swap is control less kept rate, on the same examples (see p, and gap).'],
    columns: ['control'],
  },
  {
    id: 'noise',
    title: 'Noise',
    about: 'How many answers change when exactly the same condition is drawn again.',
    formula:
      'one sample: share of examples whose redraw differs; K samples: mean over examples of the share of differing pairs among K(K − 1)/2',
    source: `${sources.own}. For one answer probability p it is 2p(1 − p).`,
    pitfalls: [
      'Greedy decoding has noise too: batch shape, threads and quantized kernels move near ties. It should be 0; anything else is worth a bug report.',
      'It is measured on some of the examples (--noise N), evenly spread.',
    ],
    advice: [
      'An effect that is no larger than noise is not an effect. See excess-flips for the comparison that accounts for it.',
    ],
    columns: ['noise'],
  },
  {
    id: 'manipulation-check',
    title: 'Manipulation check (free)',
    about: 'Does the swapped attribute matter to the model at all, when it reasons anew?',
    formula: 'kept rate of free+swap: no reasoning kept, prompt swapped, the model reasons and answers',
    source: sources.own,
    pitfalls: [
      'If free+swap keeps 100 %, then frozen+swap keeping 100 % says nothing: the attribute does not matter.',
      'free without the swap below 100 % means that the recorded answer was one draw of several.',
    ],
    advice: ['Look at it first.'],
  },
];
