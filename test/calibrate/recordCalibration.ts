// Owns where a calibration is kept: samples/calibration.json, and between two marks the table of README.md that is made of it.
// Must not know how it was measured.
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot as root } from '../support/paths';
import { type CalibrationRecord, readmeTable, totalsOf } from './calibrationTable';

const readmeFile = path.join(root, 'README.md');
const recordFile = path.join(root, 'samples', 'calibration.json');
const marks = ['<!-- calibration: npm run calibrate -- --record -->', '<!-- /calibration -->'] as const;

export const readCalibration = (): CalibrationRecord => JSON.parse(fs.readFileSync(recordFile, 'utf8'));

/** Organisms that this run left out keep their rows, if those are of the same seed and version: a long calibration can be made in parts. */
export function recordCalibration(record: CalibrationRecord): void {
  const whole = fs.existsSync(recordFile) ? mergedCalibration(readCalibration(), record) : record;
  const { rows, ...head } = whole;
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  const lines = rows.map((row) => `    ${JSON.stringify(row, rounded)}`).join(',\n');
  fs.writeFileSync(recordFile, `{\n${fields.join('')}  "rows": [\n${lines}\n  ]\n}\n`);
  fs.writeFileSync(readmeFile, withTable(fs.readFileSync(readmeFile, 'utf8'), whole));
}

/** Six decimals: a hundredth of what any table shows. */
const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(6)) : value);

export function mergedCalibration(before: CalibrationRecord, record: CalibrationRecord): CalibrationRecord {
  if (before.seed !== record.seed || before.version !== record.version) return record;
  const own = new Set(record.rows.map(({ organism }) => organism));
  return { ...record, ...totalsOf([...before.rows.filter(({ organism }) => !own.has(organism)), ...record.rows]) };
}

/** README.md as it must be for this calibration. @throws when its marks are gone */
export function withTable(readme: string, record: CalibrationRecord): string {
  const [start, end] = [readme.indexOf(marks[0]), readme.indexOf(marks[1])];
  if (start < 0 || end < start)
    throw new Error(`README.md lost the marks ${marks.join(' and ')} of its calibration table.`);
  return `${readme.slice(0, start)}${marks[0]}\n${readmeTable(record)}\n${readme.slice(end)}`;
}
