// Owns the definitions of what is counted: conditions, kept, flipped and unreadable answers, and their bounds.
import { type Definition, sources } from './definition';

export const counts: readonly Definition[] = [
  {
    id: 'condition',
    title: 'Condition',
    about:
      'One experiment on every example: an edit of the prompt, an edit of the trace, and a way to read the answer.',
    formula: 'prompt edit (none, swap) × trace edit {keep, close} × readout (forced, continued)',
    source: `Presets after ${sources.seed}; {keep, close} is ${sources.own}, because the same share kept means two things, closed and open.`,
    pitfalls: [
      'frozen and tag-stripped keep the same text and ask different questions: must the model answer now, or may it go on?',
      'Two names for the same edit are one condition and are run once.',
    ],
    advice: [
      'Compare a condition with its control, not with another trace edit.',
      'The report says each condition in words.',
    ],
    columns: ['condition', 'curve'],
  },
  {
    id: 'kept-rate',
    title: 'Kept rate',
    about: 'How often the answer stays the recorded one under a condition.',
    formula: 'kept / (kept + flipped); kept: the outcome equals the recorded, parsed answer',
    source: `The quantity of ${sources.seed}, where 85 %, 75 % and 37 % were kept; the denominator is ${sources.own}.`,
    pitfalls: [
      'A high kept rate is no proof that the reasoning drives the answer: the trace may state the answer, which is then copied (conclusion-leak).',
      'It compares with the recorded answer, which may itself have been a lucky draw (recorded-sampled).',
    ],
    advice: ['Read it with its control and with free: without the swap, and with the swap and no trace.'],
    columns: ['keptRate', 'kept', 'rate'],
  },
  {
    id: 'flip',
    title: 'Flipped',
    about: 'An answer that can be read and is another option than the recorded one.',
    formula: 'flipped = n − kept − unreadable; flip rate = 1 − kept rate',
    source: sources.own,
    pitfalls: [
      'Drawing again flips answers too: a flip rate means little without noise and control.',
      'Flips in both directions cancel in a mean difference but not in a flip rate.',
    ],
    advice: ['Step through the flips in the diff view before believing the rate.'],
    columns: ['flipped'],
  },
  {
    id: 'unreadable',
    title: 'Unreadable',
    about: 'An outcome that is none of the options: no answer, another answer, or a text cut off at the token limit.',
    formula: 'counted in n and in the bounds, left out of the kept rate',
    source: `${sources.own}; invalid shares are reported for each arm as in ${sources.blindSpot}.`,
    pitfalls: ['If an edit makes answers unreadable, the kept rate describes the rest only.'],
    advice: ['Raise maxTokens, add the missing option with --options, or choose another --answer reader.'],
    columns: ['unreadable'],
  },
  {
    id: 'n',
    title: 'n',
    about: 'Examples that were run under the condition.',
    formula: 'n = kept + flipped + unreadable; with K samples each example adds its shares',
    source: sources.own,
    pitfalls: ['Samples of one example are not independent, so n never counts samples.'],
    advice: ['To see a difference, add examples before samples: counterthought power says how many.'],
    columns: ['n'],
  },
  {
    id: 'bounds',
    title: 'Bounds',
    about: 'The kept rate in the worst and in the best case of what could not be read.',
    formula: '[kept / n, (kept + unreadable) / n]',
    source: sources.own,
    pitfalls: ['They are no confidence interval: they contain no sampling error.'],
    advice: ['If the bounds change the conclusion, read the unreadable answers before reporting.'],
    columns: ['bounds'],
  },
  {
    id: 'went-on',
    title: 'Went on',
    about: 'Share of open traces in which the model added reasoning before it closed and answered.',
    formula: 'samples with added reasoning / samples',
    source: sources.own,
    pitfalls: [
      'An open condition in which nobody goes on is the closed one in disguise.',
      'What was added is new reasoning under the edited prompt: it may be what flips the answer.',
    ],
    advice: ['Read the added text in the diff view.'],
    columns: ['wentOn'],
  },
  {
    id: 'half',
    title: 'Half, and other shares',
    about: 'How much of the reasoning stays, by the tokens of the model that runs.',
    formula:
      'k = floor(share · n) of the n token ids between the tags, moved back to the last one that completes a character',
    source: `${sources.own}. The published experiment says 150 of 300 tokens; fixed token shares are also the cuts of arXiv 2601.23163.`,
    pitfalls: [
      'Half of the characters is another cut.',
      'The cut may fall inside a sentence, or just before or after the conclusion.',
      'Another tokenizer cuts elsewhere; k, n and the offset are recorded for every example.',
    ],
    advice: ['Draw the whole curve (--conditions curve) before making much of one cut.'],
    columns: ['keep'],
  },
];
