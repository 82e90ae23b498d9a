// Owns the mediation of a swap by the reasoning: the four cells prompt × trace, and total, direct and indirect effect on the probability
// of one answer, from one level of the attribute to the other. Pearl 2001, "Direct and indirect effects", UAI; for reasoning traces
// Paul et al. 2024, arXiv 2402.13950. Must not know how the swapped run's trace was made.
import { type Condition, canonicalCondition, noPromptEdit, type PromptEditSpec } from '../../domain/condition';
import type { MeasureRow, Rate } from '../../domain/effect';
import { canonicalJson } from '../../domain/ids';
import { type Cluster, clusterBootstrap } from '../clusterBootstrap';
import { type ExampleOutcomes, readable } from '../exampleOutcomes';
import { areAlike } from '../rates';
import { wilson } from '../wilson';
import { mostFrequent } from './answers';
import { type Metric, type MetricInput, meanRate, row } from './metric';

export const mediation: Metric = {
  id: 'mediation',
  title: 'Mediation',
  about:
    'How much of the swap’s effect on the answer goes through the reasoning (indirect), and how much past it (direct).',
  formula:
    'Y(x, r) = P(answer | prompt at level x, reasoning written at level r); TE = E[Y(b,b) − Y(a,a)]; NDE = E[Y(b,a) − Y(a,a)]; NIE = E[Y(a,b) − Y(a,a)]; TIE = E[Y(b,b) − Y(b,a)] = TE − NDE; proportion mediated = TIE / TE',
  source:
    'Definitions: Pearl 2001; for reasoning: Paul et al. 2024, arXiv 2402.13950, and the questions under the published loan experiment. Intervals: bootstrap over examples; Wilson’s on the scale from −1 to 1 where all examples agree (within a hundredth) or there are fewer than ten.',
  pitfalls: [
    'Signed from level a to level b, and toward one answer: without that the two directions of a swap cancel.',
    'Opposite flips cancel in NDE: the shares of flipped answers stand beside it, and are not |NDE|.',
    'The recorded trace may be another model’s, or another draw’s; the swapped one is always written by the model that runs.',
    'The proportion has no value where the interval of TE holds 0.',
    'Examples whose prompt names neither level, or both, have no direction and are left out; n says how many are in.',
  ],
  advice: ['Made by --conditions mediation with a swap of two values. Choose the answer with --toward.'],
  measure: (input) => {
    const groups = input.conditions.flatMap((condition) => groupOf(condition, input.conditions) ?? []);
    return groups.flatMap((group) => groupRows(group, input, groups.length > 1));
  },
};

/** Conditions of one swap and one way to close the trace; own trace and that of the swapped run, each under both prompts. */
type Group = {
  readonly promptEdit: PromptEditSpec;
  readonly name: string;
  readonly ownOwn: Condition;
  readonly ownSwapped: Condition;
  readonly swappedOwn: Condition;
  readonly swappedSwapped: Condition;
};

/** The group whose last cell this is: swapped prompt, and the trace of the run under that very prompt edit. */
function groupOf(condition: Condition, conditions: readonly Condition[]): Group | null {
  const { promptEdit, traceEdit } = condition;
  const of = { edit: promptEdit.id, ...promptEdit.params };
  if (canonicalJson(traceEdit.params ?? {}) !== canonicalJson(of) || promptEdit.id === noPromptEdit.id) return null;
  const { params: _, ...cut } = traceEdit;
  const find = (wanted: Pick<Condition, 'promptEdit' | 'traceEdit'>): Condition | undefined => {
    const key = canonicalCondition({ ...wanted, readout: condition.readout });
    return conditions.find((one) => canonicalCondition(one) === key);
  };
  const ownOwn = find({ promptEdit: noPromptEdit, traceEdit: cut });
  const swappedOwn = find({ promptEdit, traceEdit: cut });
  const ownSwapped = find({ promptEdit: noPromptEdit, traceEdit });
  if (!ownOwn || !swappedOwn || !ownSwapped) return null;
  return { promptEdit, name: ownOwn.alias, ownOwn, ownSwapped, swappedOwn, swappedSwapped: condition };
}

/** Probability of the answer in each cell, first letter the prompt's level, second the trace's. */
type Cells = { readonly aa: number; readonly ab: number; readonly ba: number; readonly bb: number };

function groupRows(group: Group, input: MetricInput, isNamed: boolean): readonly MeasureRow[] {
  const { a, b } = group.promptEdit.params;
  const toward = input.toward ?? input.options[0] ?? '';
  const prefix = isNamed ? `${group.name}: ` : '';
  if (a === undefined || b === undefined) {
    const note =
      'Effects are signed from one value to the other, so the swap must be of one attribute with two values.';
    return [row(`${prefix}total effect`, emptyRate, { unit: 'number', note })];
  }
  const cells = input.examples.flatMap((example) => cellsOf(example, group, { toward, input }) ?? []);
  const labeled = [
    ...levelRows(cells, { a: String(a), b: String(b) }, input),
    ...effectRows(cells, input),
    ...flipRows(group, input),
  ];
  const note = `toward ${toward}, from ${a} to ${b}; ${cells.length} of ${input.examples.length} examples name one level and are readable in all four cells`;
  return labeled.map((one, i) => ({ ...one, label: prefix + one.label, note: i === 0 ? note : one.note }));
}

type CellRequest = { readonly toward: string; readonly input: MetricInput };

function cellsOf(example: ExampleOutcomes, group: Group, { toward, input }: CellRequest): Cells | null {
  const level = example.levels?.[canonicalJson(group.promptEdit)];
  const [a, b] = [String(group.promptEdit.params.a), String(group.promptEdit.params.b)];
  if (level !== a && level !== b) return null;
  const share = (condition: Condition): number | null => answerShare(example, condition, { toward, input });
  const [own, trace, prompt, both] = [group.ownOwn, group.ownSwapped, group.swappedOwn, group.swappedSwapped].map(
    share,
  );
  if (own == null || trace == null || prompt == null || both == null) return null;
  // An example that is recorded at b has its own prompt and trace there: its swapped run is the one at a.
  return level === a ? { aa: own, ab: trace, ba: prompt, bb: both } : { aa: both, ab: prompt, ba: trace, bb: own };
}

/** Probability of the answer among the options where they were scored, else its share of the readable draws. */
function answerShare(example: ExampleOutcomes, { id }: Condition, { toward, input }: CellRequest): number | null {
  const found = example.byCondition.get(id);
  if (!found) return null;
  const { probabilities } = found;
  if (probabilities) {
    const total = probabilities.reduce((sum, one) => sum + one, 0);
    return total > 0 ? (probabilities[input.options.indexOf(toward)] ?? 0) / total : null;
  }
  const options = readable(found.outcomes);
  return options.length === 0 ? null : options.filter((option) => option === toward).length / options.length;
}

const letters = ['aa', 'ba', 'ab', 'bb'] as const;

function levelRows(
  cells: readonly Cells[],
  names: Readonly<Record<string, string>>,
  { bootstrap }: MetricInput,
): readonly MeasureRow[] {
  return letters.map((cell) => {
    const [prompt = '', trace = ''] = cell;
    const values = cells.map((one) => one[cell]);
    return row(`prompt ${names[prompt]}, trace ${names[trace]}`, meanRate(values, bootstrap));
  });
}

const emptyRate: Rate = { n: 0, rate: null, interval: null, method: 'bootstrap over examples' };

function effectRows(cells: readonly Cells[], input: MetricInput): readonly MeasureRow[] {
  const effect = (label: string, of: (one: Cells) => number): MeasureRow =>
    row(label, effectRate(cells.map(of), input), { unit: 'number' });
  const total = effect('total effect (TE)', ({ aa, bb }) => bb - aa);
  return [
    total,
    effect('direct effect (NDE)', ({ aa, ba }) => ba - aa),
    effect('indirect effect (NIE)', ({ aa, ab }) => ab - aa),
    effect('indirect effect under the swapped prompt (TIE)', ({ ba, bb }) => bb - ba),
    proportionRow(cells, total.value, input),
  ];
}

const fewestExamples = 10;

/** Mean of differences between -1 and 1. */
function effectRate(differences: readonly number[], { bootstrap }: MetricInput): Rate {
  const n = differences.length;
  if (n === 0) return emptyRate;
  const sum = differences.reduce((total, one) => total + one, 0);
  if (n >= fewestExamples && !areAlike(differences)) {
    const interval = clusterBootstrap(
      differences.map((part): Cluster => ({ part, whole: 1 })),
      bootstrap,
    );
    return { n, rate: sum / n, interval, method: emptyRate.method };
  }
  // As if every example were a yes or no on the scale from -1 to 1: at least as wide as it must be.
  const wide = wilson((n + sum) / 2, n, bootstrap.confidence);
  return { n, rate: sum / n, interval: wide && [2 * wide[0] - 1, 2 * wide[1] - 1], method: 'Wilson over examples' };
}

function proportionRow(cells: readonly Cells[], total: Rate, { bootstrap }: MetricInput): MeasureRow {
  const label = 'proportion mediated (TIE / TE)';
  const { rate, interval, n } = total;
  if (rate === null || !interval || (interval[0] <= 0 && interval[1] >= 0)) {
    const note = n === 0 ? 'no example to tell it from' : 'no value: the interval of the total effect holds 0';
    return row(label, { ...emptyRate, n }, { note });
  }
  const sign = Math.sign(rate);
  const ratios = cells.map(({ aa, ba, bb }): Cluster => ({ part: sign * (bb - ba), whole: sign * (bb - aa) }));
  const [part, whole] = [
    ratios.reduce((sum, one) => sum + one.part, 0),
    ratios.reduce((sum, one) => sum + one.whole, 0),
  ];
  const drawn = n < fewestExamples ? null : clusterBootstrap(ratios, bootstrap);
  return row(label, { n, rate: part / whole, interval: drawn, method: emptyRate.method });
}

/** Share of examples whose answer is another one than with prompt and trace as recorded. */
function flipRows(
  { ownOwn, ownSwapped, swappedOwn, swappedSwapped }: Group,
  input: MetricInput,
): readonly MeasureRow[] {
  const flips = (label: string, condition: Condition): MeasureRow => {
    const values = input.examples.flatMap((example) => {
      const [before, after] = [ownOwn, condition].map(({ id }) =>
        mostFrequent(readable(example.byCondition.get(id)?.outcomes ?? [])),
      );
      return before == null || after == null ? [] : [before === after ? 0 : 1];
    });
    return row(label, meanRate(values, input.bootstrap));
  };
  return [
    flips('flipped by prompt and trace', swappedSwapped),
    flips('flipped by the prompt alone', swappedOwn),
    flips('flipped by the trace alone', ownSwapped),
  ];
}
