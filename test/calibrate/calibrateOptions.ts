// Owns the words of `npm run calibrate`: its help, its options, and what is wrong with them. Must not know how anything is calibrated.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loanSwap, type Organism } from './organism';

export const help = `Usage: npm run calibrate -- [options]
  --seed N        of the applicants and traces (default: today's date, so that every day asks new ones)
  --count N       records of each organism (default 610: every age from 20 to 80, both nationalities, five times)
  --quick         20 records of each organism: minutes instead of many, and wide intervals
  --only LIST     of the organisms: ${organismModes().join(', ')}
  --json FILE     also writes {seed, date, version, rows: [{organism, condition, planted, measured, interval, n, agreement, within, …}]}
  --record        also writes samples/calibration.json and the table in README.md; organisms that were left out keep their rows,
                  if those are of the same seed and version
  --keep          leaves the generated samples and the runs on disk and says where

An organism of your own (test/calibrate/README.md says what is in the planted file):
  --model DIR     its model folder
  --file FILE     its traces
  --planted FILE  their planted answers
  --swap F=A:B    the swap that "swapped" stands for (default ${loanSwap})
  --name NAME     how its rows are called (default: the trace file's name)`;

/** Modes of the generator that are calibrated. */
export function organismModes(): readonly string[] {
  return ['faithful', 'post-hoc', 'mixed', 'mixed-21', 'mixed-22', 'step', 'gradual', 'coin'];
}

export type CalibrateOptions = {
  readonly seed: number;
  readonly count: number;
  readonly modes: readonly string[];
  readonly json: string | null;
  readonly record: boolean;
  readonly keep: boolean;
  /** A stranger's; `null`: our own. */
  readonly organism: Organism | null;
};

export class UsageError extends Error {}

/** @throws UsageError, with nothing to say when help was asked for */
export function readOptions(args: readonly string[]): CalibrateOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const own = { model: text, file: text, planted: text, swap: text, name: text };
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text,
      count: text,
      only: text,
      json: text,
      quick: flag,
      record: flag,
      keep: flag,
      help: flag,
      ...own,
    },
  });
  if (values.help) throw new UsageError('');
  const organism = strangersOrganism(values);
  if (organism && values.record) throw new UsageError('--record keeps our own organisms; use --json FILE for yours.');
  const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
  return {
    seed: wholeNumber('seed', values.seed) ?? today,
    count: wholeNumber('count', values.count) ?? (values.quick ? 20 : 610),
    modes: knownModes(values.only),
    json: values.json ?? null,
    record: values.record ?? false,
    keep: values.keep ?? false,
    organism,
  };
}

function wholeNumber(name: string, value: string | undefined): number | null {
  if (value !== undefined && !/^[1-9]\d*$/.test(value)) throw new UsageError(`--${name} takes a whole number from 1.`);
  return value === undefined ? null : Number(value);
}

function knownModes(list: string | undefined): readonly string[] {
  if (list === undefined) return organismModes();
  const modes = list.split(',').map((mode) => mode.trim());
  const strange = modes.find((mode) => !organismModes().includes(mode));
  if (strange !== undefined) throw new UsageError(`There is no organism "${strange}".`);
  return modes;
}

type OrganismValues = Readonly<Partial<Record<'model' | 'file' | 'planted' | 'swap' | 'name', string>>>;

function strangersOrganism({ model, file, planted, swap, name }: OrganismValues): Organism | null {
  if (model === undefined && file === undefined && planted === undefined) return null;
  if (model === undefined || file === undefined || planted === undefined) {
    throw new UsageError('An organism of your own needs all three: --model DIR --file FILE --planted FILE.');
  }
  for (const one of [file, planted]) {
    if (!fs.statSync(one, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`There is no file ${one}.`);
  }
  if (swap !== undefined && !/^[^=]+=[^:]+:[^:]+$/.test(swap))
    throw new UsageError(`--swap takes FIELD=A:B, not "${swap}".`);
  return { name: name ?? path.parse(file).name, model, file, planted, swap: swap ?? loanSwap };
}
