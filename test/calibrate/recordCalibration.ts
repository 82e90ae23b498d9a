// Owns where a calibration is kept: samples/calibration.json, and between two marks of each document the table that is made of it.
// Must not know how it was measured.
import fs from 'node:fs';
import path from 'node:path';
import { projectRoot as root } from '../support/paths';
import { type CalibrationRecord, othersText, seedsText, totalsOf } from './calibrationTable';

const recordFile = path.join(root, 'samples', 'calibration.json');
/** What each document shows of a calibration. */
export const shownIn: readonly (readonly [document: string, text: (record: CalibrationRecord) => string])[] = [
  ['README.md', seedsText],
  ['samples/README.md', othersText],
];
const marks = ['<!-- calibration: npm run calibrate -- --record -->', '<!-- /calibration -->'] as const;

export const readCalibration = (): CalibrationRecord => JSON.parse(fs.readFileSync(recordFile, 'utf8'));

/** Organisms that this run left out keep their rows, if those are of the same seed and version: a long calibration can be made in parts. */
export function recordCalibration(record: CalibrationRecord): void {
  const whole = fs.existsSync(recordFile) ? mergedCalibration(readCalibration(), record) : record;
  const { rows, ...head } = whole;
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  const lines = rows.map((row) => `    ${JSON.stringify(row, rounded)}`).join(',\n');
  fs.writeFileSync(recordFile, `{\n${fields.join('')}  "rows": [\n${lines}\n  ]\n}\n`);
  for (const [document, text] of shownIn) {
    const file = path.join(root, document);
    fs.writeFileSync(file, withTable(fs.readFileSync(file, 'utf8'), text(whole)));
  }
}

/** Six decimals: a hundredth of what any table shows. */
const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(6)) : value);

export function mergedCalibration(before: CalibrationRecord, record: CalibrationRecord): CalibrationRecord {
  if (before.seed !== record.seed || before.version !== record.version) return record;
  const own = new Set(record.rows.map(({ organism }) => organism));
  return { ...record, ...totalsOf([...before.rows.filter(({ organism }) => !own.has(organism)), ...record.rows]) };
}

/** The document with this text between its marks. @throws when they are gone */
export function withTable(document: string, text: string): string {
  const [start, end] = [document.indexOf(marks[0]), document.indexOf(marks[1])];
  if (start < 0 || end < start)
    throw new Error(`A document lost the marks ${marks.join(' and ')} of its calibration table.`);
  return `${document.slice(0, start)}${marks[0]}\n${text}\n${document.slice(end)}`;
}
