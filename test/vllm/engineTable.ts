// Owns how runs of the same traces by several engines are set beside each other: rates of each condition, and how often, example by example,
// two engines say the same. Must not know how the runs were made.
import type { OutcomeLine, RunObject } from '../support/cli';

export type EngineRun = {
  readonly title: string;
  /** Who computed, and the seconds that it took. */
  readonly engine: string;
  readonly seconds: number;
  readonly outcomes: readonly OutcomeLine[];
  readonly run: RunObject;
};

export type Agreement = {
  /** Outcomes that both have, and those that are equal. */
  readonly n: number;
  readonly same: number;
  /** Texts that both wrote greedily, and those that are equal to the letter. */
  readonly texts: number;
  readonly sameTexts: number;
  /** Largest and mean difference of an option's probability; `null`: none was scored by both. */
  readonly largest: number | null;
  readonly mean: number | null;
};

const keyOf = ({ example, condition, sample }: OutcomeLine): string => `${example} ${condition} ${sample}`;

/** @param condition alias of the only one; left out: all */
export function agreement(one: EngineRun, other: EngineRun, condition?: string): Agreement {
  const known = new Map(other.outcomes.map((line) => [keyOf(line), line]));
  const pairs = one.outcomes.flatMap((line) => {
    const theirs = known.get(keyOf(line));
    return theirs && (condition === undefined || line.condition === condition) ? [[line, theirs] as const] : [];
  });
  const written = pairs.filter(([line]) => line.probabilities === null);
  const differences = pairs.flatMap(([line, theirs]) =>
    Object.entries(line.probabilities ?? {}).map(([option, p]) => Math.abs(p - (theirs.probabilities?.[option] ?? 2))),
  );
  const sum = differences.reduce((total, one) => total + one, 0);
  return {
    n: pairs.length,
    same: pairs.filter(([line, theirs]) => line.outcome === theirs.outcome).length,
    texts: written.length,
    sameTexts: written.filter(([line, theirs]) => line.text === theirs.text).length,
    largest: differences.length === 0 ? null : Math.max(...differences),
    mean: differences.length === 0 ? null : sum / differences.length,
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Markdown: a row a condition and engine, then a row for each engine that is compared with the first. */
export function engineTable(runs: readonly EngineRun[]): string {
  const [first] = runs;
  if (!first) throw new Error('No runs to compare.');
  return [
    '| condition | engine | kept rate | 95 % interval | n | unreadable | same outcome as here, example by example |',
    '| --- | --- | ---: | --- | ---: | ---: | ---: |',
    ...first.run.conditions.flatMap(({ id }) => runs.map((one) => conditionRow(one, { id, first }))),
    '',
    '| engine | same outcome as here | same greedy text | difference of probabilities, mean | largest | seconds |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...runs.map((one) => agreementRow(one, first)),
  ].join('\n');
}

function conditionRow(one: EngineRun, { id, first }: { readonly id: string; readonly first: EngineRun }): string {
  const row = one.run.conditions.find((condition) => condition.id === id);
  if (!row) throw new Error(`${one.title} lacks the condition ${id}.`);
  const { alias, keptRate, interval, n, unreadable } = row;
  const rate = keptRate === null ? '–' : percent(keptRate);
  const ends = interval === null ? '–' : interval.map((end) => (100 * end).toFixed(1)).join('–');
  const { same, n: both } = agreement(first, one, alias);
  const agreed = one === first ? '' : `${same} of ${both}`;
  return `| ${alias} | ${one.title} | ${rate} | ${ends} | ${n} | ${unreadable} | ${agreed} |`;
}

function agreementRow(one: EngineRun, first: EngineRun): string {
  const seconds = Math.round(one.seconds);
  if (one === first) return `| ${one.engine} | | | | | ${seconds} |`;
  const { n, same, texts, sameTexts, largest, mean } = agreement(first, one);
  const difference = (value: number | null): string => (value === null ? '–' : value.toPrecision(2));
  return `| ${one.engine} | ${same} of ${n} | ${sameTexts} of ${texts} | ${difference(mean)} | ${difference(largest)} | ${seconds} |`;
}
