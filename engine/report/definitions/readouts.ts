// Owns the definitions of how an answer is read.
import { type Definition, sources } from './definition';

export const readouts: readonly Definition[] = [
  {
    id: 'forced-readout',
    title: 'Forced readout',
    about:
      'The exact probability of each option as the next text; the most probable one is the outcome. No sampling error.',
    formula:
      'P(option | prompt, kept reasoning, the record’s own closing text) = Π over the option’s tokens; a terminator is added where one option begins another',
    source: 'Reading the distribution over the options at a cut: arXiv 2601.23163.',
    pitfalls: [
      'Exists for closed traces only: after an open one the model may want to reason on.',
      'The model may want to say something else entirely (outside-options).',
    ],
    advice: ['frozen/continued reads the same condition by continuing the text, to compare.'],
  },
  {
    id: 'continued-readout',
    title: 'Continued readout',
    about: 'The text is regenerated and the answer read in it by the reader that read the recorded one.',
    formula: 'outcome = reader(text after the closing tag), matched to the options without regard to case',
    source: sources.own,
    pitfalls: ['Greedy by default: one path. A reader that finds the last answer may take one from the reasoning.'],
    advice: ['Use --samples and --temperature for answer shares; see noise and excess-flips.'],
  },
  {
    id: 'notes',
    title: 'Notes',
    about: 'Marks of the caveats that touch a condition; the list below the table says each in words.',
    formula: 'a letter per kind of caveat, with the number of examples where conditions differ',
    source: sources.own,
    pitfalls: ['No mark does not mean no reason for care: only what can be detected is marked.'],
    advice: ['Read the marked examples first.'],
    columns: ['notes'],
  },
];
