// `npm run calibrate`: new applicants for a seed of the day, answered by models whose answers are planted, go through the whole built
// instrument, and what was planted stands beside what was measured, example by example. A stranger's organism is calibrated in the same
// way. Must not know how runs are made beyond the command line.
import fs from 'node:fs';
import path from 'node:path';
import { percent } from '../../engine/report/numbers';
import { textTable } from '../../engine/report/textTable';
import { temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';
import { type CalibrateOptions, help, readOptions, UsageError } from './calibrateOptions';
import type { CalibrationRow } from './calibrationRow';
import { type CalibrationRecord, calibrationTable, totalsOf } from './calibrationTable';
import { type Calibration, calibrateOrganism } from './instrument';
import { generateSample } from './organism';
import { recordCalibration } from './recordCalibration';

/** Share of all examples and conditions that must come out as planted. */
const leastAgreement = 0.99;
/** The same in each row alone, so that one wrong condition cannot hide among right ones. */
const leastInRow = 0.95;

async function calibrateAll(
  { seed, count, modes, organism }: CalibrateOptions,
  dir: string,
): Promise<readonly Calibration[]> {
  const out = path.join(dir, 'runs');
  if (organism) return [await calibrateOrganism(organism, { out, noise: 8 })];
  const found: Calibration[] = [];
  for (const mode of modes) {
    const made = generateSample(dir, mode, { seed, count });
    console.error(`${made.name}: ${count} new traces; running them ...`);
    found.push(await calibrateOrganism(made, { out, noise: Math.min(count, 8) }));
  }
  return found;
}

function recordOf(found: readonly Calibration[], seed: number): CalibrationRecord {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { seed, date: new Date().toISOString().slice(0, 10), version, ...totalsOf(found.flatMap((one) => one.rows)) };
}

/** What is not as planted, a sentence each; empty when the instrument passes. */
function faults({ agreement, rows }: CalibrationRecord): readonly string[] {
  if (rows.length === 0) return ['nothing was planted under the conditions that ran'];
  const isWrong = (row: CalibrationRow): boolean => row.agreement < leastInRow || (row.cuts ?? 1) < 1;
  return [
    ...(agreement < leastAgreement
      ? [`${percent(agreement, 2)} as planted in all; ${percent(leastAgreement, 0)} is asked`]
      : []),
    ...rows
      .filter(isWrong)
      .map(
        (row) =>
          `${row.organism}, ${row.condition} (${row.quantity}): ${percent(row.agreement)} of at least ${percent(leastInRow, 0)}, and every cut`,
      ),
  ];
}

async function main(): Promise<boolean> {
  const options = readOptions(process.argv.slice(2));
  const dir = temporaryFolder();
  try {
    const record = recordOf(await calibrateAll(options, dir), options.seed);
    const whose = options.organism
      ? `${record.examples} traces of ${options.organism.name}`
      : `${record.examples} new traces (seed ${record.seed})`;
    console.log(textTable(calibrationTable(record.rows, `Calibration on ${whose}`)));
    console.log(
      `\n${percent(record.agreement, 2)} of all outcomes are the planted ones (at least ${percent(leastAgreement, 0)} is asked).`,
    );
    const wrong = faults(record);
    for (const fault of wrong) console.log(`WRONG: ${fault}`);
    if (options.json) fs.writeFileSync(options.json, `${JSON.stringify(record, null, 2)}\n`);
    if (options.record && wrong.length === 0) recordCalibration(record);
    return wrong.length === 0;
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
