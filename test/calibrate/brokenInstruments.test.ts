// An instrument that is wrong must be seen to be wrong: each deliberate breakage is caught by what the comparison with planted answers
// shows - agreement per example, the recorded cut, whether open traces went on, exact probabilities worked out another way - and the
// intact one passes all of them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';
import { type Breakage, breakages, buildBroken, type Check } from './brokenBuilds';
import { type ExactReadout, exactlyRead, exactReadouts, largestDifference } from './exactReadout';
import { type Calibration, type CalibrationRow, calibrateSample } from './instrument';

const sample = { dir: path.join(root, 'samples'), name: 'loans-mixed' };
/** The first records of a file are spread over the ages: enough for every branch of the planted rule. */
const limit = 24;
/** Below this share of planted answers a condition is wrong. The intact instrument is held to it too. */
const leastAgreement = 0.9;
/** Of a log probability: both come from 32-bit logits, in different batch shapes. */
const exactWithin = 1e-3;
/** Those that tell the breakages apart; reasoning from nothing would take most of the time. */
const edits = ['frozen', 'half-truncated', 'half-closed'];

const out = temporaryFolder();
let exact: readonly ExactReadout[];
before(async () => {
  exact = await exactReadouts(sample, limit);
});
after(() => {
  fs.rmSync(out, { recursive: true, force: true });
  fs.rmSync(path.join(root, 'dist', 'broken'), { recursive: true, force: true });
});

const measure = async (cli?: string): Promise<Calibration> =>
  calibrateSample(sample, { out, limit, edits, ...(cli === undefined ? {} : { cli }) });

function rowOf({ rows }: Calibration, condition: string): CalibrationRow {
  const row = rows.find((one) => one.condition === condition);
  assert.ok(row, `${condition} was not run`);
  return row;
}

/** What is wrong, in words that name the condition; empty when nothing is. */
function faults(found: Calibration): readonly string[] {
  const differences = exactlyRead.map((condition) => ({
    condition,
    by: largestDifference(exact, found.outcomes, condition),
  }));
  return [
    ...found.rows
      .filter((row) => row.agreement < leastAgreement)
      .map((row) => `agreement in ${row.condition}: ${row.agreement.toFixed(3)}`),
    ...found.rows.filter((row) => row.cuts < 1).map((row) => `cuts in ${row.condition}: ${row.cuts.toFixed(3)}`),
    ...['half-truncated', 'half-truncated+swap:nationality']
      .map((condition) => ({ condition, share: wentOnShare(found, condition) }))
      .filter(({ share }) => share < leastAgreement)
      .map(({ condition, share }) => `went on in ${condition}: ${share.toFixed(3)}`),
    ...differences
      .filter(({ by }) => by > exactWithin)
      .map(({ condition, by }) => `exact in ${condition}: off by ${by.toPrecision(3)}`),
  ];
}

function wentOnShare({ outcomes }: Calibration, condition: string): number {
  const own = outcomes.filter((line) => line.condition === condition);
  return own.filter(({ wentOn }) => wentOn).length / own.length;
}

const expected = ({ caughtBy }: Breakage): string => `${caughtBy.check} in ${caughtBy.condition}:`;

const checkWords: Readonly<Record<Check, string>> = {
  agreement: 'agreement per example',
  cuts: 'recorded cut',
  exact: 'exact probabilities',
  'went on': 'share that went on',
};

describe('the comparison with planted answers', () => {
  it('finds no fault with the intact instrument, bundled in the same way', async () => {
    const found = await measure(await buildBroken('intact', []));
    assert.deepEqual(faults(found), []);
    assert.equal(rowOf(found, 'frozen').n, limit);
  });

  for (const [index, breakage] of breakages.entries()) {
    const { check, condition } = breakage.caughtBy;
    it(`catches ${breakage.name} by the ${checkWords[check]} of ${condition}`, async (context) => {
      const found = faults(await measure(await buildBroken(`breakage-${index}`, breakage.replacements)));
      context.diagnostic(found.join('; '));
      assert.ok(
        found.some((fault) => fault.startsWith(expected(breakage))),
        `faults: ${found.join('; ') || 'none'}`,
      );
    });
  }
});
