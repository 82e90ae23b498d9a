// The four cells of prompt × trace on models whose direct and indirect effects are planted: all through the reasoning, all past it, and
// by the applicant's age.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { logFile, readEvents } from '../../engine/store/runLog';
import { thresholds } from '../../samples/generator/loanWorld';
import { plantedRecords } from '../calibrate/organism';
import { type RunObject, runCli, splitRun, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const limit = 24;
const dir = path.join(root, 'samples');
const out = temporaryFolder();
after(() => fs.rmSync(out, { recursive: true, force: true }));

async function measured(name: string, more: readonly string[] = []): Promise<RunObject> {
  const args = ['run', path.join(dir, `${name}.jsonl`), '--swap', 'nationality=American:Canadian', '--noise', '0'];
  const which = ['--conditions', 'mediation', '--limit', String(limit), '--out', out, ...more];
  return splitRun(await runCli([...args, ...which, '--json', '--outcomes'])).run;
}

function effectsOf(run: RunObject): Readonly<Record<string, number | null>> {
  const rows = run.measures.find(({ id }) => id === 'mediation')?.rows ?? [];
  const short = (label: string): string => /\((TE|NDE|NIE|TIE|TIE \/ TE)\)/.exec(label)?.[1] ?? label;
  return Object.fromEntries(rows.map(({ label, value }) => [short(label), value.rate]));
}

/** Effects of American → Canadian on P(approve): the swap changes the answer of a whole run of every planted model. */
const planted = {
  'loans-faithful': { TE: -1, NDE: 0, NIE: -1, TIE: -1, 'TIE / TE': 1 },
  'loans-posthoc': { TE: -1, NDE: -1, NIE: 0, TIE: 0, 'TIE / TE': 0 },
  'loans-mixed': mixed(),
} as const;

/** From this age on a stated verdict is obeyed, whoever stands in the prompt. */
function mixed() {
  const records = plantedRecords({ dir, name: 'loans-mixed' }).slice(0, limit);
  const through = records.filter(({ age }) => age >= thresholds.obeyVerdictFromAge).length / records.length;
  return { TE: -1, NDE: through - 1, NIE: -through, TIE: -through, 'TIE / TE': through };
}

describe('mediation', () => {
  for (const [name, effects] of Object.entries(planted)) {
    it(`finds the direct and indirect effects that are planted in ${name}`, async () => {
      const found = effectsOf(await measured(name));
      for (const [effect, value] of Object.entries(effects)) {
        const own = found[effect];
        assert.ok(typeof own === 'number' && Math.abs(own - value) < 0.02, `${effect}: ${own}, planted ${value}`);
      }
    });
  }

  it('goes on after a stop with the trace that was recorded, though the model would write another', async () => {
    const { dir: runDir } = await measured('loans-faithful', ['--limit', '3']);
    const events = readEvents(runDir, { start: 0, end: null });
    const last = events.map(({ type }) => type).lastIndexOf('materialReady');
    const recorded = '\nThe file is short. Overall, I would approve this loan.\n';
    const stopped = events.slice(0, last + 1).map((event, i) => (i === last ? { ...event, text: recorded } : event));
    fs.writeFileSync(logFile(runDir), stopped.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const { outcomes } = splitRun(await runCli(['resume', runDir, '--json', '--outcomes']));
    assert.equal(outcomes.length, 3 * 4);
    const resumed = readEvents(runDir, { start: 0, end: null });
    assert.equal(resumed.filter((event) => event.type === 'materialReady').length, 3);
    const started = resumed.filter((event) => event.type === 'exampleStarted').at(-1);
    const texts = Object.values(started?.cuts ?? {}).flatMap(({ changes }) => changes?.map(({ is }) => is) ?? []);
    assert.deepEqual(texts, [recorded.trimEnd(), recorded.trimEnd()]);
  });

  it('is signed toward the answer that was asked for', async () => {
    const found = effectsOf(await measured('loans-faithful', ['--toward', 'reject', '--limit', '6']));
    assert.ok(Math.abs((found.TE ?? 0) - 1) < 0.02, String(found.TE));
  });
});
