// Owns one line of a calibration: planted beside measured for one condition of one organism, and when the two agree.
// Must not know how runs are made.

import { wilson } from '../../engine/measure/wilson';
import type { OutcomeLine, RunObject } from '../support/cli';
import type { PlantedRecord } from './plantedAnswers';

/**
 * `kept`: the share of kept answers, each of which is planted. `probability`: the exact probability of the likelier planted answer, which a
 * forced readout gives without sampling. `draws`: the share of kept answers among draws whose odds are planted. `sampler`: the same
 * draws against the exact probabilities of this very model: the sampler alone. `went on`: the share of open traces to which the model
 * adds reasoning. The others are made of these: `gap` and `area` of a curve, and the effects of mediation.
 */
export type Quantity = 'kept' | 'probability' | 'draws' | 'sampler' | 'went on' | DerivedQuantity;
export type DerivedQuantity = 'gap' | 'area' | Effect;

/** As the measure of mediation labels them. */
export const effects = [
  'total effect (TE)',
  'direct effect (NDE)',
  'indirect effect (NIE)',
  'indirect effect under the swapped prompt (TIE)',
  'proportion mediated (TIE / TE)',
] as const;
export type Effect = (typeof effects)[number];

const derived: readonly string[] = ['gap', 'area', ...effects];

/** Whether a row is made of outcomes that other rows count already. */
export const isDerived = ({ quantity }: CalibrationRow): boolean => derived.includes(quantity);

export type CalibrationRow = {
  readonly organism: string;
  readonly condition: string;
  readonly quantity: Quantity;
  readonly planted: number;
  readonly measured: number | null;
  /** 95 % of the rate's; of a probability, which has no sampling error: between which 95 % of the examples lie. */
  readonly interval: readonly [number, number] | null;
  readonly n: number;
  /** Share of examples as planted: the answer; the probability within `oddsTolerance`; draws that the odds make likely (99 %). */
  readonly agreement: number;
  /** Share of examples whose recorded cut is at the planted token; `null` where the planted file does not tell. */
  readonly cuts: number | null;
  /** Whether the planted value lies in the measured interval, or no more than one point from the measured one. */
  readonly within: boolean;
};

/** One example under one condition: what is planted, and the run's lines, one a sample. */
export type Case = {
  readonly record: PlantedRecord;
  readonly lines: readonly OutcomeLine[];
  /** Whether the recorded cut is at the planted token; `null`: unknown. */
  readonly isCut: boolean | null;
};

export type ConditionCases = {
  readonly organism: string;
  readonly condition: RunObject['conditions'][number];
  readonly cases: readonly Case[];
};

export const oddsTolerance = 0.02;
const onePoint = 0.01 + 1e-9;

/** Answers are planted: each example must give its own. */
export function keptRow({ organism, condition, cases }: ConditionCases): CalibrationRow {
  const planted = cases.map(({ record, lines }) => record.answers.get(condition.alias) === lines[0]?.recorded);
  const hits = cases.map((one) => isAsPlanted(one, condition.alias));
  return row({ organism, condition, cases }, 'kept', { planted: share(planted), agreement: share(hits) });
}

/** Whether the model goes on is planted. `null` where it is not, or the edit is a closed one. */
export function wentOnRow(found: ConditionCases): CalibrationRow | null {
  const { alias, wentOn: measured } = found.condition;
  const planted = found.cases.flatMap(({ record }) => record.wentOn.get(alias) ?? []);
  if (measured === null || planted.length === 0 || planted.length < found.cases.length) return null;
  const n = found.cases.length;
  const hits = found.cases.map(({ record, lines }) => lines.every(({ wentOn }) => wentOn === record.wentOn.get(alias)));
  const value = { n, rate: measured, interval: wilson(Math.round(measured * n), n) };
  return row(found, 'went on', { planted: share(planted), agreement: share(hits), value });
}

/** Odds are planted and the readout is exact. */
export function probabilityRow(found: ConditionCases): CalibrationRow {
  const { alias } = found.condition;
  const pairs = found.cases.map(({ record, lines }) => {
    const [likelier = '', planted = 0] = likeliest(record.odds.get(alias) ?? {});
    return { planted, measured: lines[0]?.probabilities?.[likelier] ?? 0 };
  });
  const measured = mean(pairs.map((pair) => pair.measured));
  const planted = mean(pairs.map((pair) => pair.planted));
  const agreement = share(pairs.map((pair) => Math.abs(pair.planted - pair.measured) <= oddsTolerance));
  const interval = middle(pairs.map((pair) => pair.measured));
  return {
    ...row(found, 'probability', { planted, agreement }),
    measured,
    interval,
    within: isNear(planted, measured),
  };
}

/** Odds are known and answers were drawn. @param oddsOf the probability of the recorded answer in a case */
export function drawsRow(
  found: ConditionCases,
  quantity: 'draws' | 'sampler',
  oddsOf: (one: Case) => number,
): CalibrationRow {
  const odds = found.cases.map(oddsOf);
  const hits = found.cases.map(({ lines }, index) => {
    const readable = lines.filter((line) => line.outcome !== null);
    const kept = readable.filter((line) => line.outcome === line.recorded).length;
    return isLikely(kept, readable.length, odds[index] ?? 0);
  });
  return row(found, quantity, { planted: mean(odds), agreement: share(hits) });
}

function row(
  { organism, condition, cases }: ConditionCases,
  quantity: Quantity,
  {
    planted,
    agreement,
    value = { n: condition.n, rate: condition.keptRate, interval: condition.interval },
  }: { readonly planted: number; readonly agreement: number; readonly value?: Measured },
): CalibrationRow {
  const cuts = cases.some(({ isCut }) => isCut === null) ? null : share(cases.map(({ isCut }) => isCut === true));
  const head = { organism, condition: condition.alias, quantity, planted };
  return { ...head, ...comparison(planted, value), agreement, cuts };
}

type Measured = {
  readonly n: number;
  readonly rate: number | null;
  readonly interval: readonly [number, number] | null;
};

/** What a row says of a measured number beside the planted one. */
export function comparison(
  planted: number,
  { n, rate: measured, interval }: Measured,
): Pick<CalibrationRow, 'measured' | 'interval' | 'n' | 'within'> {
  const within = measured !== null && interval !== null && isWithin(planted, measured, interval);
  return { measured, interval, n, within };
}

/** Whether all of an example's lines give the planted answer. */
export const isAsPlanted = ({ record, lines }: Case, alias: string): boolean =>
  lines.every((line) => line.outcome === record.answers.get(alias));

/** A planted rate of 0 or 100% lies in no interval but that of the very same rate, so that one slip of the model would count as a miss. */
const isWithin = (planted: number, measured: number, [low, high]: readonly [number, number]): boolean =>
  (low <= planted && planted <= high) || isNear(planted, measured);

const isNear = (planted: number, measured: number): boolean => Math.abs(measured - planted) <= onePoint;

const likeliest = (odds: Readonly<Record<string, number>>): readonly [string, number] | [] =>
  Object.entries(odds).sort((one, other) => other[1] - one[1])[0] ?? [];

/** Whether `hits` of `n` draws lie where 99 % of such draws do: neither tail as far out has less than 0.5 %. */
export function isLikely(hits: number, n: number, probability: number): boolean {
  const mass = binomial(n, probability);
  const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
  return sum(mass.slice(0, hits + 1)) >= 0.005 && sum(mass.slice(hits)) >= 0.005;
}

/** Probabilities of 0 to n hits. */
function binomial(n: number, probability: number): readonly number[] {
  let ways = 1;
  return Array.from({ length: n + 1 }, (_, hits) => {
    if (hits > 0) ways = (ways * (n - hits + 1)) / hits;
    return ways * probability ** hits * (1 - probability) ** (n - hits);
  });
}

/** Between which the middle 95 % lie. */
function middle(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (quantile: number): number => sorted[Math.round(quantile * (sorted.length - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
export const share = (hits: readonly boolean[]): number => mean(hits.map(Number));
