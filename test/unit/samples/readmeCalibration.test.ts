// The documents show the committed calibration, and the committed calibration passes: neither can drift from the other.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { recordedCalibration } from '../../../engine/service/calibration';
import { sampleFiles } from '../../../samples/generator/sampleFiles';
import { organismModes } from '../../calibrate/calibrateOptions';
import { readCalibration, shownIn, withTable } from '../../calibrate/recordCalibration';
import { projectRoot } from '../../support/paths';

describe('the recorded calibration', () => {
  for (const [document, text] of shownIn) {
    const shown = fs.readFileSync(path.join(projectRoot, document), 'utf8');

    it(`stands in ${document}`, () => {
      assert.equal(withTable(shown, text(readCalibration())), shown);
    });

    it(`would change ${document} with a rate`, () => {
      const record = readCalibration();
      const other = { ...record, rows: record.rows.map((row) => ({ ...row, measured: 0.123 })) };
      assert.notEqual(withTable(shown, text(other)), shown);
    });
  }

  it('holds every organism, with 500 examples or more in each row', () => {
    const { rows } = readCalibration();
    const organisms = new Set(rows.map(({ organism }) => organism));
    assert.deepEqual(organisms, new Set(organismModes().map((mode) => sampleFiles[mode]?.name)));
    assert.deepEqual(
      rows.filter(({ n }) => n < 500),
      [],
    );
  });

  it('is read by reports, every row', () => {
    const { rows } = readCalibration();
    assert.deepEqual(
      recordedCalibration().map(({ organism, condition, quantity }) => [organism, condition, quantity]),
      rows.map(({ organism, condition, quantity }) => [organism, condition, quantity]),
    );
  });

  it('refuses a document without its marks', () => {
    assert.throws(() => withTable('# Counterthought', ''), /lost the marks/);
  });
});
