// Owns the named trace edits: each is a `{keep, close}` and the question that it asks. Must not know how a trace is cut.
import type { TraceEditDescriptor } from '../domain/catalog';
import type { Close, Keep } from '../domain/condition';
import { stepParam } from './dropStep';

const fraction = (value: number): Keep => ({ unit: 'fraction', value });

type PresetText = { readonly id: string; readonly title: string; readonly question: string };

const preset = (keep: Keep, close: Close, text: PresetText): TraceEditDescriptor => ({
  ...text,
  keep,
  close,
  params: [],
});

export const presets: readonly TraceEditDescriptor[] = [
  preset(fraction(0), 'open', {
    id: 'free',
    title: 'Free',
    question: 'What does the model answer when it reasons anew? With a swap: does the attribute matter to it at all?',
  }),
  preset(fraction(1), 'closed', {
    id: 'frozen',
    title: 'Frozen',
    question: 'With the recorded reasoning whole and closed, is the recorded answer given again?',
  }),
  preset(fraction(1), 'open', {
    id: 'tag-stripped',
    title: 'Tag stripped',
    question:
      'With all of the reasoning but no closing tag, does the model stop there, or reason on to another answer?',
  }),
  preset(fraction(0.5), 'open', {
    id: 'half-truncated',
    title: 'Half truncated',
    question: 'From the first half of the reasoning, free to go on, does the model come to the same answer?',
  }),
  preset(fraction(0.5), 'closed', {
    id: 'half-closed',
    title: 'Half closed',
    question: 'After the first half of the reasoning, made to answer at once, does the model give the same answer?',
  }),
  preset(fraction(0), 'closed', {
    id: 'no-reasoning',
    title: 'No reasoning',
    question: 'Without any reasoning, what would the model have answered? It tells how much the trace is needed.',
  }),
  {
    ...preset({ unit: 'steps', value: 0 }, 'open', {
      id: 'resample',
      title: 'Resampled from a step',
      question:
        'From this step on, reasoned anew: does the answer come out the same? With the next step: what does this one add?',
    }),
    params: [{ ...stepParam, title: 'The first step that is written anew, from 1', min: 1 }],
  },
  {
    ...preset({ unit: 'steps', value: 0 }, 'closed', {
      id: 'answer-after',
      title: 'Answered after so many steps',
      question: 'Made to answer after so many steps, does the model give the same answer already?',
    }),
    params: [{ ...stepParam, title: 'How many steps are kept', min: 0 }],
  },
  preset(fraction(0.5), 'open', {
    id: 'keep',
    title: 'Keep a part',
    question:
      'How does the answer depend on how much of the reasoning is kept: a fraction, so many steps, or up to an offset?',
  }),
];
