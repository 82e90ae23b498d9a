// Owns the recorded calibration that ships with the bundled model: what was measured where the answers are planted. Must not know how it is shown.
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { CalibrationRow } from '../report/calibrationText';
import { packageRoot } from './models';

const row = v.object({
  organism: v.string(),
  condition: v.string(),
  planted: v.number(),
  measured: v.nullable(v.number()),
  interval: v.nullable(v.tuple([v.number(), v.number()])),
  n: v.number(),
  agreement: v.number(),
  quantity: v.string(),
});

/** Empty where none ships, or where it is of another shape: a report says nothing rather than something wrong. */
export function recordedCalibration(
  file = path.join(packageRoot(), 'samples', 'calibration.json'),
): readonly CalibrationRow[] {
  if (!fs.existsSync(file)) return [];
  const parsed = v.safeParse(v.object({ rows: v.array(row) }), JSON.parse(fs.readFileSync(file, 'utf8')));
  return parsed.success ? parsed.output.rows : [];
}
