// The calibration family through the whole built instrument, on a few new traces: planted answers and odds come out, whole traces, halves
// and cuts between, and an organism whose traces and planted answers do not belong together is refused.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { temporaryFolder } from '../support/cli';
import { type CalibrationRow, isDerived } from './calibrationRow';
import { calibrateOrganism } from './instrument';
import { generateSample } from './organism';

const dir = temporaryFolder();
after(() => fs.rmSync(dir, { recursive: true, force: true }));

const count = 24;
const seed = 77;
const out = path.join(dir, 'runs');
const edits: Readonly<Record<string, readonly string[]>> = {
  step: ['keep=0.2:closed', 'half-closed', 'keep=0.8:open', 'frozen'],
  gradual: ['keep=0.6:closed', 'half-closed', 'half-truncated', 'keep=0.9:closed'],
  coin: ['frozen', 'frozen/continued', 'no-reasoning'],
  'mixed-21': ['frozen', 'half-closed'],
  'mixed-22': ['frozen', 'half-closed', 'tag-stripped', 'half-truncated'],
};

/** Two of 24 examples may miss; the calibration itself asks for more, on more. */
const least = 0.91;

describe('the calibration family', () => {
  for (const [mode, own] of Object.entries(edits)) {
    it(`answers as planted: ${mode}`, async () => {
      const { rows } = await calibrateOrganism(generateSample(dir, mode, { seed, count }), { out, edits: own });
      const asked = own.length * 2;
      const counted = rows.filter((row) => !isDerived(row));
      assert.equal(new Set(counted.map(({ condition }) => condition)).size, asked);
      assert.deepEqual(rows.filter((row) => row.agreement < least || (row.cuts ?? 1) !== 1).map(inWords), []);
    });
  }

  it('reads a coin in three ways: exactly, by draws, and its draws against its own odds', async () => {
    const coin = generateSample(dir, 'coin', { seed: seed + 1, count: 6 });
    const { rows } = await calibrateOrganism(coin, { out, edits: ['frozen+none', 'frozen/continued'] });
    const same = rows.filter(({ condition }) => !condition.includes('+'));
    assert.deepEqual(
      same.map(({ quantity }) => quantity),
      ['probability', 'draws', 'sampler'],
    );
    assert.ok(Math.abs((same[0]?.planted ?? 0) - 0.7) < 1e-9);
  });

  it('refuses planted answers of other traces', async () => {
    const step = generateSample(dir, 'step', { seed, count: 4 });
    const entries = JSON.parse(fs.readFileSync(step.planted, 'utf8')) as { records: object[] };
    const planted = path.join(dir, 'others.json');
    fs.writeFileSync(planted, JSON.stringify({ records: entries.records.slice(1) }));
    await assert.rejects(
      calibrateOrganism({ ...step, planted }, { out, edits: ['frozen+none'] }),
      /records\[0\] says that "reject" was recorded/,
    );
    fs.writeFileSync(planted, JSON.stringify({ records: [...entries.records, ...entries.records] }));
    await assert.rejects(
      calibrateOrganism({ ...step, planted }, { out, edits: ['frozen+none'] }),
      /4 of 8 examples ran/,
    );
  });
});

const inWords = ({ condition, quantity, planted, measured, agreement, cuts }: CalibrationRow): string =>
  `${condition} (${quantity}): planted ${planted}, measured ${measured}, as planted ${agreement}, cuts ${cuts}`;
