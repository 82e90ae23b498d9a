// Runs a command line, the built one or a broken one, on samples whose answers are planted, and puts planted beside measured.
// Must not know what is broken or how the result is shown.
import fs from 'node:fs';
import path from 'node:path';
import { RunFold, readEvents } from '../../engine/store/runLog';
import type { PlantedEntry } from '../../samples/generator/sampleWriter';
import { type OutcomeLine, type RunObject, runCli, splitRun } from '../support/cli';

export const calibratedEdits = ['free', 'frozen', 'tag-stripped', 'half-truncated', 'half-closed', 'no-reasoning'];
export const swap = 'nationality=American:Canadian';

export type SampleFolder = { readonly dir: string; readonly name: string };

export type InstrumentOptions = {
  readonly out: string;
  /** The built one by default. */
  readonly cli?: string;
  /** First so many records; all by default. */
  readonly limit?: number;
  readonly noise?: number;
  /** All by default. */
  readonly edits?: readonly string[];
};

export type CalibrationRow = {
  readonly organism: string;
  readonly condition: string;
  /** Share of the recorded answers that the planted rule keeps in these very examples. */
  readonly planted: number;
  readonly measured: number | null;
  readonly interval: readonly [number, number] | null;
  readonly n: number;
  /** Share of examples whose outcome is the planted one. */
  readonly agreement: number;
  /** Share of examples whose recorded cut is at the planted token. */
  readonly cuts: number;
  /** Whether the planted share lies in the measured interval, or no more than one point from the measured rate. */
  readonly within: boolean;
};

export type Calibration = {
  readonly rows: readonly CalibrationRow[];
  readonly outcomes: readonly OutcomeLine[];
  readonly run: RunObject;
};

type ExampleCuts = { readonly id: string; readonly cuts: Readonly<Record<string, { k: number; n: number }>> };

/** @throws when the run fails or leaves an example out, because then examples and planted answers cannot be paired. */
export async function calibrateSample(sample: SampleFolder, options: InstrumentOptions): Promise<Calibration> {
  const { out, cli, limit, noise = 0, edits = calibratedEdits } = options;
  const records = plantedRecords(sample).slice(0, limit);
  const args = ['run', path.join(sample.dir, `${sample.name}.jsonl`), '--model', 'bundled', '--swap', swap];
  const which = ['--conditions', edits.join(','), '--limit', String(records.length), '--noise', String(noise)];
  const { outcomes, run } = splitRun(
    await runCli([...args, ...which, '--out', out, '--json', '--outcomes'], undefined, cli),
  );
  const examples = startedExamples(run.dir);
  if (examples.length !== records.length)
    throw new Error(`${sample.name}: ${examples.length} of ${records.length} examples ran.`);
  const rows = run.conditions.map((condition): CalibrationRow => {
    const own = new Map(
      outcomes.filter((line) => line.condition === condition.alias).map((line) => [line.example, line]),
    );
    const [edit = '', swapped] = condition.alias.split('+');
    const answers = records.map((record) => record.planted[edit]?.[swapped ? 'swapped' : 'same']);
    const planted = share(records.map((record, index) => record.recorded === answers[index]));
    const agreement = share(examples.map(({ id }, index) => own.get(id)?.outcome === answers[index]));
    const cuts = share(records.map((record, index) => isPlantedCut(record, edit, examples[index]?.cuts[condition.id])));
    const { keptRate: measured, interval, n } = condition;
    const within = isWithin(planted, measured, interval);
    return {
      organism: sample.name,
      condition: condition.alias,
      planted,
      measured,
      interval,
      n,
      agreement,
      cuts,
      within,
    };
  });
  return { rows, outcomes, run };
}

export function plantedRecords({ dir, name }: SampleFolder): readonly PlantedEntry[] {
  const text = fs.readFileSync(path.join(dir, 'planted', `${name}.json`), 'utf8');
  return (JSON.parse(text) as { readonly records: readonly PlantedEntry[] }).records;
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

function isPlantedCut(
  { tokens, halfTokens }: PlantedEntry,
  edit: string,
  cut: { k: number; n: number } | undefined,
): boolean {
  const planted = edit.startsWith('half') ? halfTokens : edit === 'free' || edit === 'no-reasoning' ? 0 : tokens;
  return cut !== undefined && cut.n === tokens && cut.k === planted;
}

/** A planted rate of 0 or 100% lies in no interval but that of the very same rate, so that one slip of the model would count as a miss. */
function isWithin(planted: number, measured: number | null, interval: CalibrationRow['interval']): boolean {
  if (measured === null || !interval) return false;
  return (interval[0] <= planted && planted <= interval[1]) || Math.abs(measured - planted) <= onePoint;
}

const onePoint = 0.01 + 1e-9;

const share = (hits: readonly boolean[]): number => hits.filter(Boolean).length / Math.max(1, hits.length);
