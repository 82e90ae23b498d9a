// An instrument that is wrong must be seen to be wrong: each deliberate breakage is caught by what the comparison with planted answers
// shows - agreement per example, the recorded cut, whether open traces went on, exact probabilities worked out another way - and the
// intact one passes all of them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';
import { type Breakage, breakages, buildBroken, type Catch, type Check } from './brokenBuilds';
import type { CalibrationRow } from './calibrationRow';
import { type ExactReadout, exactlyRead, exactReadouts, largestDifference } from './exactReadout';
import { type Calibration, calibrateOrganism } from './instrument';
import { generateSample, type Organism, sampleIn } from './organism';

/** The first records of a file are spread over the ages and the places of the step: enough for every branch of the planted rules. */
const limit = 24;
/** Below this share of planted answers a condition is wrong. The intact instrument is held to it too. */
const leastAgreement = 0.9;
/** Of a log probability: both come from 32-bit logits, in different batch shapes. */
const exactWithin = 1e-3;

type Sample = {
  readonly organism: Organism;
  readonly exact: readonly ExactReadout[];
  readonly edits: readonly string[];
};
type Samples = Readonly<Record<Catch['sample'], Sample>>;

const out = temporaryFolder();
let samples: Samples;
before(async () => {
  const mixed = sampleIn(path.join(root, 'samples'), 'mixed');
  samples = {
    // Those that tell the breakages apart; reasoning from nothing would take most of the time.
    'loans-mixed': {
      organism: mixed,
      exact: await exactReadouts(mixed, limit),
      edits: ['frozen', 'half-truncated', 'half-closed'],
    },
    step: { organism: generateSample(out, 'step', { seed: 1, count: limit }), exact: [], edits: ['half-closed'] },
  };
});
after(() => {
  fs.rmSync(out, { recursive: true, force: true });
  fs.rmSync(path.join(root, 'dist', 'broken'), { recursive: true, force: true });
});

const measure = async ({ organism, edits }: Sample, cli: string): Promise<Calibration> =>
  calibrateOrganism(organism, { out, limit, edits, cli });

function rowOf({ rows }: Calibration, condition: string): CalibrationRow {
  const row = rows.find((one) => one.condition === condition);
  assert.ok(row, `${condition} was not run`);
  return row;
}

/** What is wrong, in words that name the condition; empty when nothing is. */
function faults({ exact }: Sample, found: Calibration): readonly string[] {
  return [
    ...found.rows
      .filter((row) => row.agreement < leastAgreement)
      .map((row) => `agreement in ${row.condition}: ${row.agreement.toFixed(3)}`),
    ...found.rows
      .filter((row) => row.cuts !== 1)
      .map((row) => `cuts in ${row.condition}: ${row.cuts?.toFixed(3) ?? 'unknown'}`),
    ...openHalves
      .filter((condition) => found.rows.some((row) => row.condition === condition))
      .map((condition) => ({ condition, share: wentOnShare(found, condition) }))
      .filter(({ share }) => share < leastAgreement)
      .map(({ condition, share }) => `went on in ${condition}: ${share.toFixed(3)}`),
    ...(exact.length === 0 ? [] : exactlyRead)
      .map((condition) => ({ condition, by: largestDifference(exact, found.outcomes, condition) }))
      .filter(({ by }) => by > exactWithin)
      .map(({ condition, by }) => `exact in ${condition}: off by ${by.toPrecision(3)}`),
  ];
}

const openHalves = ['half-truncated', 'half-truncated+swap:nationality'];

function wentOnShare({ outcomes }: Calibration, condition: string): number {
  const own = outcomes.filter((line) => line.condition === condition);
  return own.filter(({ wentOn }) => wentOn).length / own.length;
}

const checkWords: Readonly<Record<Check, string>> = {
  agreement: 'agreement per example',
  cuts: 'recorded cut',
  exact: 'exact probabilities',
  'went on': 'share that went on',
};

const nameOf = ({ name, caughtBy }: Breakage): string => {
  const ways = caughtBy.map(({ sample, check, condition }) => `the ${checkWords[check]} of ${condition} in ${sample}`);
  return `catches ${name} by ${ways.join(' and ')}`;
};

describe('the comparison with planted answers', () => {
  it('finds no fault with the intact instrument, bundled in the same way', async () => {
    const cli = await buildBroken('intact', []);
    for (const sample of Object.values(samples)) {
      const found = await measure(sample, cli);
      assert.deepEqual(faults(sample, found), [], sample.organism.name);
      assert.equal(rowOf(found, 'half-closed').n, limit);
    }
  });

  for (const [index, breakage] of breakages.entries()) {
    it(nameOf(breakage), async (context) => {
      const cli = await buildBroken(`breakage-${index}`, breakage.replacements);
      for (const { sample, check, condition } of breakage.caughtBy) {
        const found = faults(samples[sample], await measure(samples[sample], cli));
        context.diagnostic(`${sample}: ${found.join('; ')}`);
        assert.ok(
          found.some((fault) => fault.startsWith(`${check} in ${condition}:`)),
          `faults in ${sample}: ${found.join('; ') || 'none'}`,
        );
      }
    });
  }
});
