// The edits of traces against a model whose answer to any trace is known: what each edit leaves is read in the log, the planted rule says
// what must be answered to it, and every outcome is compared, example by example.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import type { RunEvent } from '../../engine/domain/run';
import { changedText } from '../../engine/domain/trace';
import { logFile } from '../../engine/store/runLog';
import { favoredAnswer, otherNationality } from '../../samples/generator/loanWorld';
import { answerClosed } from '../../samples/generator/plantedRule';
import { findStances } from '../../samples/generator/stances';
import { plantedRecords } from '../calibrate/organism';
import { runCli, splitRun, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const limit = 20;
const dir = path.join(root, 'samples');
const edits = [
  'verdict-reversed',
  'before-conclusion',
  'first-half-deleted',
  'random-half-deleted',
  'drop:2',
  'transplanted',
  'swapped-trace',
];
const out = temporaryFolder();
after(() => fs.rmSync(out, { recursive: true, force: true }));

type Started = Extract<RunEvent, { type: 'exampleStarted' }>;

function startedExamples(runDir: string): readonly Started[] {
  const events = fs
    .readFileSync(logFile(runDir), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  return events.filter((event) => event.type === 'exampleStarted').sort((a, b) => a.ordinal - b.ordinal);
}

/** The reasoning of each record, between its tags. */
const reasonings = (name: string): readonly string[] =>
  fs
    .readFileSync(path.join(dir, `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) =>
        /<reasoning>([\s\S]*)<\/reasoning>/.exec((JSON.parse(line) as { response: string }).response)?.[1] ?? '',
    );

for (const name of ['loans-faithful', 'loans-posthoc', 'loans-mixed']) {
  describe(`edited traces of ${name}`, () => {
    it('are answered as the rule says of what they state, in at least 97 % of all outcomes', async () => {
      const args = ['run', path.join(dir, `${name}.jsonl`), '--swap', 'nationality=American:Canadian', '--noise', '0'];
      const which = ['--conditions', edits.join(','), '--limit', String(limit), '--out', out];
      const { outcomes, run } = splitRun(await runCli([...args, ...which, '--json', '--outcomes']));
      const started = startedExamples(run.dir);
      const [texts, records] = [reasonings(name), plantedRecords({ dir, name })];
      const wrong: string[] = [];
      for (const line of outcomes) {
        const index = started.findIndex(({ example }) => example === line.example);
        const condition = run.conditions.find(({ alias }) => alias === line.condition);
        const record = records[index];
        const cut = started[index]?.cuts[condition?.id as keyof Started['cuts']];
        assert.ok(record && cut, line.condition);
        const kept = changedText(texts[index] ?? '', cut.changes ?? []).slice(0, cut.offset);
        const own = record.nationality;
        const favored = favoredAnswer(line.condition.includes('+') ? otherNationality(own) : own);
        const planted = answerClosed({ mode: record.mode, age: record.age, favored, seen: findStances(kept) });
        if (planted !== line.outcome)
          wrong.push(`${index} ${line.condition}: ${line.outcome ?? line.reason}, planted ${planted}`);
      }
      assert.equal(outcomes.length, limit * edits.length * 2);
      assert.ok(
        wrong.length <= 0.03 * outcomes.length,
        `${wrong.length} of ${outcomes.length} differ:\n${wrong.join('\n')}`,
      );
    });
  });
}

it('the example that lends its trace is the same in a shard as in the whole run', async () => {
  const file = path.join(dir, 'loans-mixed.jsonl');
  const args = ['run', file, '--conditions', 'transplanted', '--noise', '0', '--limit', '6', '--out', out, '--json'];
  const notesOf = async (more: readonly string[]): Promise<ReadonlyMap<string, string | undefined>> => {
    const { run } = splitRun(await runCli([...args, ...more]));
    return new Map(
      startedExamples(run.dir).map(({ example, cuts }) => [example, Object.values(cuts).map(({ note }) => note)[0]]),
    );
  };
  const [whole, part] = [await notesOf([]), await notesOf(['--shard', '1/3'])];
  assert.equal(part.size, 2);
  for (const [example, note] of part) assert.equal(note, whole.get(example));
});
