// What makes a result trustworthy beyond its numbers: the same seed gives the same outcomes, a killed run goes on as if nothing had been.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listRuns, logFile } from '../../engine/store/runLog';
import { jsonLines, type OutcomeLine, runCli, splitRun, startCli, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const file = path.join(root, 'samples', 'loans-mixed.jsonl');
const sampled = [
  '--swap',
  'nationality=American:Canadian',
  '--conditions',
  'half-truncated,half-closed',
  '--samples',
  '3',
  '--temperature',
  '1',
];
const common = ['run', file, ...sampled, '--limit', '24', '--seed', '7', '--noise', '4'];
const folders: string[] = [];
after(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made;
}

async function undisturbed(): Promise<readonly OutcomeLine[]> {
  return splitRun(await runCli([...common, '--out', folder(), '--json', '--outcomes'])).outcomes;
}

/** What is re-used of the example before differs after a restart, and with it the last bits of a probability; nothing else may. */
const rounded = (line: OutcomeLine) => ({
  ...line,
  probabilities:
    line.probabilities && Object.entries(line.probabilities).map(([option, one]) => [option, one.toFixed(5)]),
});

/** Starts a run, kills it in the middle without warning and returns its folder. */
async function killedRun(): Promise<string> {
  const out = folder();
  const { child, result } = startCli([...common, '--out', out, '--json']);
  for (;;) {
    await delay(20);
    const [dir] = listRuns(out);
    const closed = dir ? fs.readFileSync(logFile(dir), 'utf8').split('"exampleFinished"').length - 1 : 0;
    if (dir && closed >= 5) {
      child.kill('SIGKILL');
      await result;
      return dir;
    }
    assert.equal(child.exitCode, null, 'the run ended before it could be killed');
  }
}

const firstLine = (file: string): string => fs.readFileSync(file, 'utf8').split('\n')[0] ?? '';

describe('a run', () => {
  it('with the same seed gives the same outcomes and texts, and with another seed others', async () => {
    const first = await undisturbed();
    assert.equal(first.length, 24 * (2 * 3 + 2));
    assert.deepEqual(await undisturbed(), first);
    const other = splitRun(
      await runCli([...common, '--seed', '8', '--out', folder(), '--json', '--outcomes']),
    ).outcomes;
    assert.notDeepEqual(
      other.map((line) => line.text),
      first.map((line) => line.text),
    );
  });

  it('that was killed and resumed equals an undisturbed one', async () => {
    const dir = await killedRun();
    fs.appendFileSync(logFile(dir), '{"v":1,"type":"sampleFin');
    const listed = jsonLines<readonly { status: string; done: number }[]>(
      await runCli(['list', '--out', path.dirname(dir), '--json']),
    )[0];
    assert.equal(listed?.[0]?.status, 'interrupted');
    const resumed = splitRun(await runCli(['resume', dir, '--json', '--outcomes'])).outcomes;
    assert.deepEqual(resumed.map(rounded), (await undisturbed()).map(rounded));
  });

  it('is shown again as it was printed, and replayed from the spec beside its log', async () => {
    const out = folder();
    const printed = splitRun(await runCli([...common, '--out', out, '--json', '--outcomes']));
    const shown = splitRun(await runCli(['show', printed.run.dir, '--json', '--outcomes']));
    assert.deepEqual(shown, printed);
    const replayed = await runCli([
      'run',
      '--spec',
      path.join(printed.run.dir, 'spec.cot.json'),
      '--out',
      out,
      '--json',
      '--outcomes',
    ]);
    assert.deepEqual(splitRun(replayed).outcomes, printed.outcomes);
  });

  it('is replayed from its manifest alone: the first line of its log holds all that decides', async () => {
    const [out, other] = [folder(), folder()];
    const printed = splitRun(await runCli([...common, '--out', out, '--json', '--outcomes']));
    const copy = path.join(other, path.basename(printed.run.dir));
    fs.mkdirSync(copy);
    fs.writeFileSync(logFile(copy), `${firstLine(logFile(printed.run.dir))}\n`);
    const replayed = splitRun(await runCli(['resume', copy, '--json', '--outcomes']));
    assert.deepEqual(replayed.outcomes.map(rounded), printed.outcomes.map(rounded));
  });

  it('refuses to go on when the trace file has changed', async () => {
    const out = folder();
    const copy = path.join(out, 'copy.jsonl');
    fs.copyFileSync(file, copy);
    const { run } = splitRun(
      await runCli(['run', copy, '--conditions', 'frozen', '--limit', '2', '--out', out, '--json']),
    );
    // As if it had been stopped at once: a complete run has nothing left to refuse.
    fs.writeFileSync(logFile(run.dir), `${firstLine(logFile(run.dir))}\n`);
    fs.appendFileSync(copy, '\n{}\n');
    const refused = await runCli(['resume', run.dir]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /copy\.jsonl has changed since it began\. Start a new run/);
  });
});
