// Owns the sentence importances of thought anchors (arXiv 2506.19143) over all examples of a run, by the sentence's place.
import type { MeasureRow, Rate } from '../../domain/effect';
import { bootstrapStatistic } from '../bootstrapStatistic';
import { dissimilarBelow, type Importance, type SentenceImportance, sentenceImportance } from '../sentenceImportance';
import { exampleBootstrap, type Metric, type MetricInput, type MetricPage, row } from './metric';

type Kind = 'resampling' | 'counterfactual' | 'forced';

/** Sentences that get a row of their own. */
const mostSentences = 24;

const measureKind =
  (kind: Kind) =>
  (input: MetricInput): readonly MeasureRow[] => {
    const { examples, conditions, options } = input;
    const entries = examples.flatMap((example) => sentenceImportance(example, conditions, options));
    const own = entries.filter((entry) => entry[kind] !== null);
    if (own.length === 0) return [];
    const places = [...new Set(own.map(({ sentence }) => sentence))].sort((a, b) => a - b).slice(0, mostSentences);
    return places.flatMap((place) => placeRows(place, kind, { entries, input }));
  };

type Entries = { readonly entries: readonly SentenceImportance[]; readonly input: MetricInput };

function placeRows(place: number, kind: Kind, { entries, input }: Entries): readonly MeasureRow[] {
  const here = entries.filter(({ sentence }) => sentence === place);
  const known = here.flatMap((entry) => entry[kind] ?? []);
  const divergences = known.flatMap(({ divergence }) => divergence ?? []);
  return [
    row(`sentence ${place + 1}`, changeRate(known, input), { note: noteOf(here, kind) }),
    row(`sentence ${place + 1}, divergence`, meanOf(divergences, input), { unit: 'nats' }),
  ];
}

/** Over examples; of a single example its own binomial interval. */
function changeRate(known: readonly Importance[], input: MetricInput): Rate {
  const [only] = known;
  if (known.length === 1 && only)
    return {
      n: 1,
      rate: only.change,
      interval: only.interval,
      method: only.interval ? 'Newcombe of two groups' : 'exact',
    };
  return meanOf(
    known.map(({ change }) => change),
    input,
  );
}

function meanOf(values: readonly number[], { bootstrap }: MetricInput): Rate {
  const mean = (items: readonly number[]): number | null =>
    items.length === 0 ? null : items.reduce((sum, value) => sum + value, 0) / items.length;
  return {
    n: values.length,
    rate: mean(values),
    interval: bootstrapStatistic(values, mean, bootstrap),
    method: exampleBootstrap,
  };
}

function noteOf(here: readonly SentenceImportance[], kind: Kind): string | null {
  const none = here.filter((entry) => entry.differing === 0).length;
  return kind === 'counterfactual' && none > 0
    ? `In ${none} of ${here.length} examples no regeneration said anything else here, so they have no value.`
    : null;
}

const source =
  'Bogdan et al. 2025, arXiv 2506.19143, code interp-reasoning/thought-anchors; cuts at UTF-16 offsets of the record, nothing stripped or joined.';
const divergence = 'divergence: Jensen–Shannon of the answers before and after, in nats (at most ln 2 = 0.693)';
const openCuts = 'Needs open cuts after neighboring sentences with several samples: keep=steps-K:open, --samples.';

const page = (id: string, title: string, rest: Omit<MetricPage, 'id' | 'title' | 'source'>): MetricPage => ({
  id,
  title,
  source,
  ...rest,
});

export const resamplingImportance: Metric = {
  ...page('resampling-importance', 'Resampling importance of a sentence', {
    about:
      'How much more often the recorded answer is reached when the reasoning is regenerated after a sentence than from that sentence on.',
    formula: `share of the recorded answer in R(i + 1) − in R(i); R(i): regenerations with the sentences before i kept; ${divergence}`,
    pitfalls: [
      'A sentence that is regenerated much the same shows no effect, however much the answer needs it: see counterfactual-importance.',
      'Divergences of small samples are biased upward.',
    ],
    advice: [openCuts],
  }),
  measure: measureKind('resampling'),
};

export const counterfactualImportance: Metric = {
  ...page('counterfactual-importance', 'Counterfactual importance of a sentence', {
    about: 'The same, against those regenerations only whose first sentence says something else.',
    formula: `share of the recorded answer in R(i + 1) − in D(i); D(i): those of R(i) whose first new sentence is less than ${dissimilarBelow} alike (cosine of word counts); ${divergence}`,
    pitfalls: [
      'The sign is turned against the published one: positive means that the sentence leads to the recorded answer.',
      `The published code embeds sentences with a second model (all-MiniLM-L6-v2, below 0.8 is different); here words are counted (below ${dissimilarBelow}). So a sentence in other words counts as another one, which pulls the value toward resampling-importance, and one that differs by a number or a “not” counts as the same.`,
      'No regeneration that says something else: no value, which is not 0.',
    ],
    advice: [openCuts, 'Read the regenerated sentences in the diff before believing a large value.'],
  }),
  measure: measureKind('counterfactual'),
};

export const forcedImportance: Metric = {
  ...page('forced-importance', 'Forced importance of a sentence', {
    about:
      'How much the probability of the recorded answer changes by a sentence when the model must answer before and after it.',
    formula: `P(recorded answer) with the sentences up to i − with those before i, among the options, read exactly; ${divergence}`,
    pitfalls: [
      'The model is made to answer in the middle of a thought, which it was never trained to do.',
      'Within one example there is no sampling error; the interval is over examples.',
    ],
    advice: ['Needs closed cuts after neighboring sentences: keep=steps-K:closed. It costs no generation.'],
  }),
  measure: measureKind('forced'),
};
