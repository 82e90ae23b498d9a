// Owns the definitions of the caveats: when each is raised, and what to do about it.
import type { CaveatId } from '../../domain/run';
import { fewestDiscordant, nearTieLimit, outsideLimit } from '../../measure/caveats';
import { type Definition, sources } from './definition';

type CaveatText = Omit<Definition, 'id' | 'caveat' | 'columns'> & { readonly id: string };

const texts: Readonly<Record<CaveatId, CaveatText>> = {
  conclusionLeak: {
    id: 'conclusion-leak',
    title: 'Conclusion leak',
    about: 'The kept reasoning already states the answer, so keeping it may be copying rather than concluding.',
    formula: 'the recorded option occurs as a whole word in the last two sentences or lines of the kept reasoning',
    source: `Raised in the comments on ${sources.seed}.`,
    pitfalls: ['A conclusion in other words is missed; an option’s word that is not a conclusion is marked.'],
    advice: ['Compare with a cut before the conclusion: half-closed, keep=0.8:closed, or the curve.'],
  },
  attributeInTrace: {
    id: 'attribute-in-trace',
    title: 'Attribute in the trace',
    about:
      'The kept reasoning names a value of the swapped attribute, so the edited prompt and the reasoning contradict each other.',
    formula: 'either value occurs as a whole word in the kept reasoning, without regard to case',
    source: sources.own,
    pitfalls: ['The model may follow the trace because it trusts it, or because the prompt looks like a mistake.'],
    advice: ['Look at the examples without this mark separately.'],
  },
  swapTouchesNothing: {
    id: 'swap-touches-nothing',
    title: 'Swap touches nothing',
    about: 'The swap found none of its values in the prompt, so the condition equals its control there.',
    formula: 'number of replacements in the prompt = 0',
    source: sources.own,
    pitfalls: ['Such examples count as kept and pull the kept rate up.'],
    advice: ['Check the spelling with counterthought inspect, or leave these examples out.'],
  },
  outsideOptions: {
    id: 'outside-options',
    title: 'Outside probability',
    about: 'The model would rather say something that is none of the options.',
    formula: `1 − Σ P(option) above ${outsideLimit}`,
    source: sources.own,
    pitfalls: ['The forced outcome is then the less unlikely of two unlikely answers.'],
    advice: ['Add the missing option with --options, or read by continuing: frozen/continued.'],
  },
  truncatedGeneration: {
    id: 'truncated-generation',
    title: 'Truncated generation',
    about: 'The text reached the token limit before it ended.',
    formula: 'a sample that ended with the limit instead of an end token or the answer’s closing tag',
    source: sources.own,
    pitfalls: ['Long reasoners are cut off more often, so what remains readable is selected.'],
    advice: ['Raise --max-tokens.'],
  },
  nearTie: {
    id: 'near-tie',
    title: 'Near tie',
    about: 'Two tokens were so close that another machine, thread count or precision may choose the other one.',
    formula: `smallest gap between the best two logits on the way below ${nearTieLimit}`,
    source: sources.own,
    pitfalls: ['One tie early in a long continuation changes everything after it.'],
    advice: ['See noise; where it is above 0 these are the likely examples.'],
  },
  crossModel: {
    id: 'cross-model',
    title: 'Cross-model',
    about: 'The reasoning was written by another model than the one that ran.',
    formula: 'producer named in the record ≠ model of the run',
    source: sources.own,
    pitfalls: ['It measures how one model reads another’s reasoning, which is a different question.'],
    advice: ['Run the author’s own weights: --model DIR.'],
  },
  producerUnknown: {
    id: 'producer-unknown',
    title: 'Producer unknown',
    about: 'The records do not say which model wrote the reasoning.',
    formula: 'no model name in any record',
    source: sources.own,
    pitfalls: ['The run may be cross-model without anybody knowing.'],
    advice: ['Record the model’s name in the trace file.'],
  },
  fewDiscordant: {
    id: 'few-discordant',
    title: 'Few discordant examples',
    about: 'Too few answers differ from the control for the exact test to say anything.',
    formula: `b + c < ${fewestDiscordant}`,
    source: 'Follows from the exact McNemar test: 2 / 2^5 = 0.0625.',
    pitfalls: ['“Not significant” is then certain beforehand and no evidence of no effect.'],
    advice: ['Use more examples; give the interval of the gap.'],
  },
  recordedSampled: {
    id: 'recorded-sampled',
    title: 'Recorded answer was sampled',
    about: 'The recorded answer is one draw of several possible ones, so some flips are mere redraws.',
    formula: 'the record names a temperature above 0, or none',
    source: sources.own,
    pitfalls: ['Replication below 100 % is then expected.'],
    advice: ['Read rates against replication and noise.'],
  },
  serverSampling: {
    id: 'server-sampling',
    title: 'Drawn by a server',
    about: 'The text was generated on a server, so a run cannot be repeated token by token.',
    formula: 'the manifest names servers',
    source: sources.own,
    pitfalls: ['Even greedy text can change with what else the server has in its batch.'],
    advice: ['See noise: it draws the same condition again.', 'The manifest holds engine, version and what was tried.'],
  },
  optionsUnscored: {
    id: 'options-unscored',
    title: 'Options not scored',
    about: 'The server chose among the options without telling their probabilities.',
    formula: 'forced readout without the log-probability of every option',
    source: sources.own,
    pitfalls: [
      'A choice under a constraint follows the most likely first token, which need not begin the most likely option.',
    ],
    advice: ['Use a server that tells log-probabilities, or read the answer in text: /continued.'],
  },
  editImpossible: {
    id: 'edit-impossible',
    title: 'Edit impossible',
    about: 'The edit of the trace cannot be made of some examples; they take no part in the condition.',
    formula: 'examples without such a step, without a stated verdict, without a partner, or too long after the edit',
    source: sources.own,
    pitfalls: [
      'What is left may be other traces than those of the other conditions: longer ones, those that state a verdict.',
    ],
    advice: ['n of the condition says how many took part; its control is of the same ones.'],
  },
  noExamples: {
    id: 'no-examples',
    title: 'No examples',
    about: 'Nothing was run under this condition.',
    formula: 'n = 0',
    source: sources.own,
    pitfalls: ['An empty row is no evidence of anything.'],
    advice: ['The flow of exclusions says why examples were left out.'],
  },
};

export const caveatDefinitions: readonly Definition[] = Object.entries(texts).map(([caveat, text]) => ({
  ...text,
  caveat: caveat as CaveatId,
}));
