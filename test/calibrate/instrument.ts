// Runs a command line, the built one or a broken one, on traces whose answers are planted, and puts planted beside measured.
// Must not know what is broken or how the result is shown.
import { RunFold, readEvents } from '../../engine/store/runLog';
import { curveCuts, keptTokens } from '../../samples/generator/cuts';
import { type OutcomeLine, type RunObject, runCli, splitRun } from '../support/cli';
import {
  type CalibrationRow,
  type Case,
  type ConditionCases,
  drawsRow,
  keptRow,
  probabilityRow,
  wentOnRow,
} from './calibrationRow';
import { curveRows } from './curveRows';
import { mediationRows, towardOf } from './mediationRows';
import type { Organism } from './organism';
import { type PlantedRecord, readPlanted } from './plantedAnswers';

export type InstrumentOptions = {
  readonly out: string;
  /** The built one by default. */
  readonly cli?: string;
  /** First so many records; all by default. */
  readonly limit?: number;
  readonly noise?: number;
  /** Conditions with the prompt as it is, whose swapped ones come along; by default all that are planted. */
  readonly edits?: readonly string[];
};

export type Calibration = {
  readonly rows: readonly CalibrationRow[];
  readonly outcomes: readonly OutcomeLine[];
  readonly run: RunObject;
};

/** Draws of each answer whose odds are planted. */
const drawsPerExample = 8;

type ExampleCuts = { readonly id: string; readonly cuts: Readonly<Record<string, { k: number; n: number }>> };

/** @throws a sentence when the run fails, leaves an example out, or knows no such answer: then nothing can be paired. */
export async function calibrateOrganism(organism: Organism, options: InstrumentOptions): Promise<Calibration> {
  const records = readPlanted(organism.planted, organism.swap).slice(0, options.limit);
  const args = runArguments(organism, records, options);
  const result = await runCli(args, undefined, options.cli);
  if (result.code !== 0)
    throw new Error(`${organism.name}: the run failed. ${result.stderr.trim().split('\n').at(-1)}`);
  return compareRun(organism, records, splitRun(result));
}

/** Puts what is planted beside what a finished run of it gave. */
export function compareRun(
  organism: Organism,
  records: readonly PlantedRecord[],
  { outcomes, run }: Omit<Calibration, 'rows'>,
): Calibration {
  const examples = startedExamples(run.dir);
  if (examples.length !== records.length)
    throw new Error(`${organism.name}: ${examples.length} of ${records.length} examples ran.`);
  checkRecorded(organism, { records, examples, outcomes });
  checkAnswers(organism, { records, examples, outcomes });
  const lines = linesByCase(outcomes);
  const found = run.conditions.map((condition): ConditionCases => {
    const cases = records.map((record, index): Case => {
      const { id = '', cuts = {} } = examples[index] ?? {};
      const isCut = isPlantedCut(record, condition.alias, cuts[condition.id]);
      return { record, lines: lines.get(caseKey(condition.alias, id)) ?? [], isCut };
    });
    return { organism: organism.name, condition, cases };
  });
  const derived = [...mediationRows(organism, run, found), ...curveRows(organism, run, found)];
  return { rows: [...found.flatMap((one) => rowsOf(one, found)), ...derived], outcomes, run };
}

const caseKey = (condition: string, example: string): string => `${condition} ${example}`;

function linesByCase(outcomes: readonly OutcomeLine[]): ReadonlyMap<string, readonly OutcomeLine[]> {
  const found = new Map<string, OutcomeLine[]>();
  for (const line of outcomes) {
    const key = caseKey(line.condition, line.example);
    const lines = found.get(key);
    if (lines) lines.push(line);
    else found.set(key, [line]);
  }
  return found;
}

function runArguments(
  { model, file, swap }: Organism,
  records: readonly PlantedRecord[],
  { out, noise = 0, edits }: InstrumentOptions,
): readonly string[] {
  const planted = [...new Set(records.flatMap(({ answers, odds }) => [...answers.keys(), ...odds.keys()]))];
  const conditions = edits ?? planted;
  // Without a swapped arm there is no field whose values a swap could name.
  const swapping = planted.some((condition) => condition.includes('+swap')) ? ['--swap', swap] : [];
  const toward = conditions.includes('swapped-trace') ? towardOf(records) : null;
  const draws = records.some(({ odds }) => odds.size > 0)
    ? ['--samples', String(drawsPerExample), '--temperature', '1']
    : [];
  return [
    ...['run', file, '--model', model, ...swapping, '--conditions', conditions.join(',')],
    ...['--limit', String(records.length), '--noise', String(noise), ...draws],
    ...(toward === null ? [] : ['--toward', toward]),
    ...['--out', out, '--json', '--outcomes'],
  ];
}

/** Examples in the order of the file, with the cuts that were recorded before anything was generated. */
function startedExamples(dir: string): readonly ExampleCuts[] {
  const fold = new RunFold(dir);
  fold.refresh();
  const states = [...fold.state.examples.values()].sort((a, b) => a.ordinal - b.ordinal);
  return states.flatMap(({ logStart, logEnd }) => {
    const events = readEvents(dir, { start: logStart, end: logEnd ?? logStart });
    return [...events].flatMap((event) =>
      event.type === 'exampleStarted' ? [{ id: event.example, cuts: event.cuts }] : [],
    );
  });
}

/** A recorded answer that is not the planted file's own shows that the two do not belong together. */
function checkRecorded(organism: Organism, found: Pairs): void {
  const recorded = new Map(found.outcomes.map((line) => [line.example, line.recorded]));
  found.records.forEach((record, index) => {
    const read = recorded.get(found.examples[index]?.id ?? '');
    if (record.recorded === null || record.recorded === read) return;
    throw new Error(
      `${organism.planted}: records[${index}] says that "${record.recorded}" was recorded; ${organism.file} says "${read}".`,
    );
  });
}

/** A misspelled answer would count as wrong in every row. Only a forced readout names all the options. */
function checkAnswers({ planted, file }: Organism, { records, outcomes }: Pairs): void {
  const scored = outcomes.find(({ probabilities }) => probabilities !== null)?.probabilities;
  if (!scored) return;
  const options = Object.keys(scored);
  records.forEach(({ answers, odds }, index) => {
    const named = [...answers.values(), ...[...odds.values()].flatMap((one) => Object.keys(one))];
    const strange = named.find((answer) => !options.includes(answer));
    if (strange === undefined) return;
    throw new Error(
      `${planted}: records[${index}] plants "${strange}"; the answers of ${file} are ${options.join(', ')}.`,
    );
  });
}

type Pairs = {
  readonly records: readonly PlantedRecord[];
  readonly examples: readonly ExampleCuts[];
  readonly outcomes: readonly OutcomeLine[];
};

function rowsOf(found: ConditionCases, all: readonly ConditionCases[]): readonly CalibrationRow[] {
  const { alias } = found.condition;
  const has = (kind: 'answers' | 'odds'): boolean => found.cases.every(({ record }) => record[kind].has(alias));
  const goingOn = wentOnRow(found);
  const answers = [...(has('answers') ? [keptRow(found)] : []), ...(goingOn ? [goingOn] : [])];
  if (!has('odds')) return answers;
  if (found.cases.every(({ lines }) => lines.every((line) => line.probabilities !== null))) {
    return [...answers, probabilityRow(found)];
  }
  const planted = drawsRow(
    found,
    'draws',
    ({ record, lines }) => record.odds.get(alias)?.[lines[0]?.recorded ?? ''] ?? 0,
  );
  return [...answers, planted, ...samplerRow(found, all)];
}

/** Draws of an answer that the same run also scores exactly: `frozen/continued` beside `frozen`. */
function samplerRow(found: ConditionCases, all: readonly ConditionCases[]): readonly CalibrationRow[] {
  const exact = all.find((one) => `${one.condition.alias}/continued` === found.condition.alias);
  if (!exact) return [];
  const oddsOf = (one: Case): number => {
    const [line] = exact.cases[found.cases.indexOf(one)]?.lines ?? [];
    return line?.probabilities?.[line.recorded] ?? 0;
  };
  return [drawsRow(found, 'sampler', oddsOf)];
}

/** `null` where the file does not give the tokens, or the condition cuts otherwise than by a fraction of them. */
function isPlantedCut(
  { tokens }: PlantedRecord,
  alias: string,
  cut: { k: number; n: number } | undefined,
): boolean | null {
  const known = curveCuts[alias.split(/[+/]/)[0] ?? ''];
  if (tokens === null || !known) return null;
  return cut !== undefined && cut.n === tokens && cut.k === keptTokens(known.keep, tokens);
}
