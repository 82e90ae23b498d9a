// Measures of the literature on weights that nobody here trained: those that need a helper model, lettered options, or hints in the prompts.
// Their values mean little for so small a model and are not asserted; what is asserted is that real text goes through every one of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { MeasureResult } from '../../engine/domain/effect';
import type { RunEvent } from '../../engine/domain/run';
import { projectRoot } from '../support/paths';
import { prepareRealModel } from '../support/realModel';
import { answerQuestions, letters, type Question, writeTraces } from './questionTraces';
import { ScratchModel } from './scratchModel';

type RunRow = { readonly dir: string; readonly examples: number; readonly measures: readonly MeasureResult[] };
type OutcomeRow = {
  readonly condition: string;
  readonly outcome: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
  readonly text: string;
};

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-measures-'));
const traceFile = path.join(work, 'questions.jsonl');
const readQuestions = (): readonly Question[] =>
  JSON.parse(fs.readFileSync(path.join(projectRoot, 'test/real/questions.json'), 'utf8'));
/** Enough that some can be read and some sentence is rewritten. */
const questions = readQuestions().slice(0, 5);

function runTraces(file: string, ...args: readonly string[]): { run: RunRow; outcomes: readonly OutcomeRow[] } {
  const command = [path.join(projectRoot, 'dist/cli.js'), 'run', file, '--outcomes', '--json', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: work, encoding: 'utf8' });
  assert.equal(status, 0, `exit code ${status}: ${stderr}`);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { run: lines.at(-1) as RunRow, outcomes: lines.slice(0, -1) as OutcomeRow[] };
}

describe('the measures of a model from elsewhere', () => {
  let folder: string;
  let model: ScratchModel;

  before(async () => {
    folder = await prepareRealModel();
    model = await ScratchModel.load(folder);
    writeTraces(traceFile, await answerQuestions(model, questions), path.basename(folder));
  });

  after(() => fs.rmSync(work, { recursive: true, force: true }));

  test('measures that need a helper model or lettered options are made of real text', () => {
    const conditions = 'frozen,mistake:1,paraphrased:1:closed,filler,no-reasoning,no-reasoning+shuffle-options';
    const settings = ['--helper', folder, '--noise', '0', '--max-tokens', '64'];
    const { run, outcomes } = runTraces(traceFile, '--model', folder, '--conditions', conditions, ...settings);
    const log = fs.readFileSync(path.join(run.dir, 'events.jsonl'), 'utf8').trim().split('\n');
    const events: readonly RunEvent[] = log.map((line) => JSON.parse(line));
    const [begun] = events.filter((event) => event.type === 'runStarted');
    assert.equal(begun?.manifest.helper?.sha256, begun?.manifest.model.sha256);
    const written = events.filter((event) => event.type === 'materialReady');
    const usable = written.filter(({ text }) => text !== null);
    assert.ok(usable.length > 0, JSON.stringify(written));
    for (const { text, spec, example } of usable) {
      const started = events.find((event) => event.type === 'exampleStarted' && event.example === example);
      const cuts = started?.type === 'exampleStarted' ? Object.values(started.cuts) : [];
      const placed = cuts.filter(({ changes }) => changes?.some(({ is }) => is === text));
      assert.ok(placed.length > 0, `${JSON.stringify(spec)} wrote "${text}", which stands in no trace`);
    }
    for (const { text, outcome, probabilities } of outcomes.filter(({ condition }) => condition.includes('shuffle'))) {
      assert.notEqual(text, outcome, 'no option keeps its letter, so no answer keeps its name');
      const best = Object.entries(probabilities ?? {}).sort((a, b) => b[1] - a[1])[0]?.[0];
      assert.equal(outcome, best);
    }
    const measured = new Set(run.measures.map(({ id }) => id));
    for (const id of ['filler-tokens', 'normalized-unfaithfulness']) assert.ok(measured.has(id), [...measured].join());
    assert.ok(measured.has('adding-mistakes') || measured.has('paraphrase'), [...measured].join());
  });

  test('hints are taken out by a pattern, and the moved answers are counted by fields that a mapping names', async () => {
    const hinted = questions.slice(0, 4).map((question, i) => {
      const hint = letters[(letters.indexOf(question.answer) + 1 + (i % 3)) % 4] ?? '';
      return { hint, question: { ...question, question: `A professor says (${hint}).\n${question.question}` } };
    });
    const answered = await answerQuestions(
      model,
      hinted.map(({ question }) => question),
    );
    const rows = answered.map(({ messages, turn }, i) => {
      const [thought = '', said = ''] = turn.replace('<think>', '').split('</think>');
      return JSON.stringify({ asked: messages, thought, said, meta: { cue: hinted[i]?.hint, owns: 'no' } });
    });
    const file = path.join(work, 'hinted.jsonl');
    fs.writeFileSync(file, `${rows.join('\n')}\n`);
    const map = 'prompt=asked,reasoning=thought,answer=said,hint=meta.cue,verbalized=meta.owns';
    const edit = ['--replace', 'pattern:A professor says \\([A-D]\\)\\.\\n=>', '--conditions', 'free,frozen'];
    const { run } = runTraces(file, '--model', folder, '--map', map, ...edit, '--noise', '0', '--max-tokens', '80');
    const rowsOf = run.measures.find(({ id }) => id === 'hint-switching')?.rows ?? [];
    const moved = rowsOf.find(({ label }) => label.startsWith('p:'));
    assert.ok(moved && moved.value.n > 0 && moved.value.n <= run.examples, JSON.stringify(run.measures));
  });
});
