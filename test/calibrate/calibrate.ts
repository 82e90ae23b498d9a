// `npm run calibrate`: new applicants, written by the bundled model for a seed of the day, go through the whole built instrument, and what
// was planted stands beside what was measured, example by example. Must not know how runs are made beyond the command line.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { missing, percent, percentRange } from '../../engine/report/numbers';
import type { Table } from '../../engine/report/table';
import { textTable } from '../../engine/report/textTable';
import { temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';
import { type Calibration, type CalibrationRow, calibrateSample } from './instrument';

const help = `Usage: npm run calibrate -- [options]
  --seed N      of the applicants and traces (default: today's date, so that every day asks new ones)
  --count N     records of each organism (default 244: every age from 20 to 80, both nationalities, twice)
  --quick       20 records of each organism: a minute instead of many, and wide intervals
  --json FILE   also writes {seed, rows: [{organism, condition, planted, measured, interval, n, agreement, within}]}
  --keep        leaves the generated samples and the runs on disk and says where`;

/** Mode of the generator → name of the file that it writes. */
const organisms = { faithful: 'loans-faithful', 'post-hoc': 'loans-posthoc', mixed: 'loans-mixed' } as const;

/** Share of all examples and conditions that must come out as planted. */
const leastAgreement = 0.99;
/** The same in each row alone, so that one wrong condition cannot hide among right ones. */
const leastInRow = 0.95;

type Options = { readonly seed: number; readonly count: number; readonly json: string | null; readonly keep: boolean };

function readOptions(): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    options: { seed: text, count: text, json: text, quick: flag, keep: flag, help: flag },
  });
  if (values.help) throw new UsageError('');
  const whole = (name: string, value: string | undefined): number | null => {
    if (value !== undefined && !/^[1-9]\d*$/.test(value))
      throw new UsageError(`--${name} takes a whole number from 1.`);
    return value === undefined ? null : Number(value);
  };
  const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
  return {
    seed: whole('seed', values.seed) ?? today,
    count: whole('count', values.count) ?? (values.quick ? 20 : 244),
    json: values.json ?? null,
    keep: values.keep ?? false,
  };
}

class UsageError extends Error {}

async function calibrateAll({ seed, count }: Options, dir: string): Promise<readonly Calibration[]> {
  const found: Calibration[] = [];
  for (const [mode, name] of Object.entries(organisms)) {
    const args = ['--seed', String(seed), '--mode', mode, '--count', String(count), '--out', dir];
    const made = spawnSync(process.execPath, [path.join(root, 'dist', 'generate.js'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (made.status !== 0) throw new Error(`The generator failed for ${mode} (exit code ${made.status}).`);
    console.error(`${name}: ${count} new traces; running them ...`);
    found.push(await calibrateSample({ dir, name }, { out: path.join(dir, 'runs'), noise: Math.min(count, 8) }));
  }
  return found;
}

function tableOf(rows: readonly CalibrationRow[], caption: string): Table {
  const right = (id: string, title = id) => ({ id, title, align: 'right' as const });
  return {
    caption,
    columns: [
      { id: 'organism', title: 'organism', align: 'left' },
      { id: 'condition', title: 'condition', align: 'left' },
      right('planted'),
      right('measured'),
      right('interval', '95% interval'),
      right('n'),
      right('agreement', 'per example'),
      right('cuts'),
      { id: 'within', title: 'within', align: 'left' },
    ],
    rows: rows.map((row) => [
      row.organism,
      row.condition,
      percent(row.planted),
      row.measured === null ? missing : percent(row.measured),
      percentRange(row.interval),
      String(row.n),
      percent(row.agreement),
      percent(row.cuts),
      row.within ? 'yes' : 'NO',
    ]),
    notes: [
      'planted: share of answers that the rule keeps in these very examples. measured: kept rate of the run.',
      'per example: share of examples whose answer is the planted one. cuts: share whose recorded cut is at the planted token.',
      'within: the planted share lies in the measured interval, or no more than one point from the measured rate.',
    ].map((text) => ({ mark: '', text })),
  };
}

async function main(): Promise<boolean> {
  const options = readOptions();
  const dir = temporaryFolder();
  try {
    const found = await calibrateAll(options, dir);
    const rows = found.flatMap((one) => one.rows);
    const examples = found.reduce((sum, { run }) => sum + run.examples, 0);
    const agreement = rows.reduce((sum, row) => sum + row.agreement, 0) / rows.length;
    console.log(textTable(tableOf(rows, `Calibration on ${examples} new traces (seed ${options.seed})`)));
    console.log(
      `\n${percent(agreement)} of all outcomes are the planted ones (at least ${percent(leastAgreement, 0)} is asked).`,
    );
    if (options.json)
      fs.writeFileSync(options.json, `${JSON.stringify({ seed: options.seed, examples, agreement, rows }, null, 2)}\n`);
    const wrong = rows.filter((row) => row.agreement < leastInRow || row.cuts < 1);
    for (const { organism, condition, agreement: own } of wrong) {
      console.log(
        `WRONG: ${organism}, ${condition}: ${percent(own)} (at least ${percent(leastInRow, 0)}, and every cut)`,
      );
    }
    return agreement >= leastAgreement && wrong.length === 0;
  } finally {
    if (options.keep) console.log(`Samples and runs: ${dir}`);
    else fs.rmSync(dir, { recursive: true, force: true });
  }
}

main()
  .then((passed) => {
    process.exitCode = passed ? 0 : 1;
  })
  .catch((error: unknown) => {
    const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
    const message = error instanceof Error ? error.message : String(error);
    console.error(isUsage ? `${message}\n${help}`.trim() : message);
    process.exitCode = isUsage ? 2 : 1;
  });
