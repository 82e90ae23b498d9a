// The whole tool on weights that nobody here trained: a 135-million-parameter chat model answers twenty questions with
// a reasoning block, and its traces are re-run from the command line. Each number is compared with plain evaluations.
import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { projectRoot } from '../support/paths';
import { prepareRealModel } from '../support/realModel';
import { cutClosed } from './closedCut';
import { answerQuestions, letters, type Question, type QuestionTrace, writeTraces } from './questionTraces';
import { ScratchModel } from './scratchModel';

type ConditionRow = { readonly alias: string; readonly n: number; readonly kept: number; readonly readout: string };
type RunRow = {
  readonly model: { readonly id: string; readonly layout: string; readonly precision: string };
  readonly crossModel: boolean;
  readonly examples: number;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  readonly caveats: readonly { readonly id: string; readonly message: string }[];
  readonly replication: { readonly n: number; readonly kept: number };
  readonly conditions: readonly ConditionRow[];
};
type OutcomeRow = {
  readonly example: string;
  readonly condition: string;
  readonly recorded: string;
  readonly outcome: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
  readonly text: string;
};

const readFixture = (name: string) => JSON.parse(fs.readFileSync(path.join(projectRoot, 'test/real', name), 'utf8'));
const questions: readonly Question[] = readFixture('questions.json');
const defaultConditions = ['free', 'frozen', 'tag-stripped', 'half-truncated', 'half-closed'];
const tolerance = 1e-4;

/** Real traces that lie beside a checkout on some machines; they are opened and never copied. */
const realTrace = path.join(
  projectRoot,
  '../shared/traces/api_chat_think_inline/groq_r1_distill_think_tags.response.json',
);
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-real-'));
const traceFile = path.join(work, 'questions.jsonl');

function cli(...args: readonly string[]): SpawnSyncReturns<string> {
  const options = { cwd: work, encoding: 'utf8', maxBuffer: 256 << 20 } as const;
  return spawnSync(process.execPath, [path.join(projectRoot, 'dist/cli.js'), ...args], options);
}

function cliLines(...args: readonly string[]): readonly unknown[] {
  const { status, stdout, stderr } = cli(...args);
  assert.equal(status, 0, `exit code ${status}: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function runTraces(file: string, ...args: readonly string[]): { run: RunRow; outcomes: readonly OutcomeRow[] } {
  const lines = cliLines('run', file, '--outcomes', '--json', ...args);
  return { run: lines.at(-1) as RunRow, outcomes: lines.slice(0, -1) as OutcomeRow[] };
}

describe('a model from elsewhere', () => {
  let folder: string;
  let model: ScratchModel;
  let traces: readonly QuestionTrace[];
  let rerun: { readonly run: RunRow; readonly outcomes: readonly OutcomeRow[] };

  before(async () => {
    folder = await prepareRealModel();
    model = await ScratchModel.load(folder);
    traces = await answerQuestions(model, questions);
    writeTraces(traceFile, traces, path.basename(folder));
    rerun = runTraces(traceFile, '--model', folder, '--max-tokens', '96', '--noise', '2');
  });

  after(() => fs.rmSync(work, { recursive: true, force: true }));

  const readable = (): readonly QuestionTrace[] => traces.filter((trace) => cutClosed(model, trace, 1) !== null);

  test('its exported weights give the tokens of float64 arithmetic', async () => {
    const endId = 2;
    for (const { text, ids, greedyIds } of readFixture('reference.json').prompts) {
      assert.deepEqual(model.encode(text), ids);
      const turn = greedyIds.includes(endId) ? greedyIds.slice(0, greedyIds.indexOf(endId)) : greedyIds;
      assert.deepEqual(await model.greedy(ids, greedyIds.length), turn);
    }
  });

  test('at least 15 of its 20 answers can be read, and they differ', () => {
    const [summary] = cliLines('inspect', traceFile, '--json') as [
      { readonly examples: number; readonly answer: { readonly read: number; readonly options: readonly string[] } },
    ];
    assert.equal(summary.examples, questions.length);
    assert.ok(summary.answer.read >= 15, `${summary.answer.read} of ${questions.length} can be read`);
    assert.equal(summary.answer.read, readable().length);
    assert.deepEqual([...summary.answer.options].sort(), [...letters]);
  });

  test('the default conditions run on its own traces', () => {
    const { run } = rerun;
    assert.equal(run.model.layout, 'gqa');
    assert.equal(run.model.precision, 'fp32');
    assert.equal(run.crossModel, false);
    assert.equal(run.examples, questions.length);
    const skipped = run.skipped.reduce((sum, { count }) => sum + count, 0);
    assert.equal(skipped, questions.length - readable().length);
    assert.deepEqual(
      run.conditions.map((condition) => condition.alias),
      defaultConditions,
    );
    for (const { alias, n } of run.conditions) assert.equal(n, readable().length, alias);
  });

  test('a greedy answer is kept when its own reasoning is frozen', () => {
    const { n, kept } = rerun.run.replication;
    assert.equal(n, readable().length);
    assert.equal(kept, n);
  });

  test('with nothing kept and nothing changed it writes the recorded turn again', () => {
    const written = rerun.outcomes.filter((row) => row.condition === 'free').map((row) => row.text);
    const recorded = readable().map(({ turn }) => turn.slice('<think>'.length));
    assert.deepEqual(written, recorded);
  });

  for (const [condition, keep] of [
    ['frozen', 1],
    ['half-closed', 0.5],
  ] as const) {
    test(`forced probabilities equal an evaluation from scratch: ${condition}`, async () => {
      const rows = rerun.outcomes.filter((row) => row.condition === condition);
      assert.equal(rows.length, readable().length);
      for (const [i, trace] of readable().entries()) {
        const cut = cutClosed(model, trace, keep);
        assert.ok(cut);
        const logProbs = await model.nextLogProbs(cut.ids);
        for (const [option, id] of cut.options) {
          const expected = Math.exp(logProbs[id] ?? Number.NaN);
          const got = rows[i]?.probabilities?.[option] ?? Number.NaN;
          assert.ok(Math.abs(got - expected) <= tolerance, `${trace.id} ${option}: ${got}, from scratch ${expected}`);
        }
      }
    });
  }

  test('a trace that names another model is never run on this one unasked', () => {
    const refused = cli('run', strangerFile(), '--json');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /written by deepseek-r1-distill-qwen-7b.*--model/);
    assert.equal(refused.stdout, '');
    const { run } = runTraces(strangerFile(), '--model', folder, '--options', 'yes,no', '--max-tokens', '32');
    assertCrossModel(run, 'deepseek-r1-distill-qwen-7b');
  });

  if (fs.existsSync(realTrace)) {
    test('a real trace of an R1 model is re-run, and the result says that it is cross-model', () => {
      const refused = cli('run', realTrace, '--json');
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /written by deepseek-r1-distill-llama-70b.*--model/);
      const reading = ['--answer', 'pattern:(\\d+)°F', '--options', '300,350'];
      const { run } = runTraces(realTrace, '--model', folder, '--max-tokens', '48', '--noise', '0', ...reading);
      assertCrossModel(run, 'deepseek-r1-distill-llama-70b');
    });
  }
});

function assertCrossModel(run: RunRow, producer: string): void {
  assert.equal(run.crossModel, true);
  const caveat = run.caveats.find((one) => one.id === 'crossModel');
  assert.match(caveat?.message ?? '', /^Cross-model: /);
  assert.ok(caveat?.message.includes(producer));
  assert.deepEqual(
    run.conditions.map(({ alias, n }) => [alias, n]),
    defaultConditions.map((alias) => [alias, 1]),
  );
}

/** A record as a server logs it, by a model that is not here. */
function strangerFile(): string {
  const file = path.join(work, 'stranger.jsonl');
  const content = '<think>\nOkay. Ice is frozen water, and frozen water is cold.\n</think>\n\nThe answer is yes.';
  const messages = [
    { role: 'user', content: 'Is ice cold? Answer yes or no.' },
    { role: 'assistant', content },
  ];
  fs.writeFileSync(file, `${JSON.stringify({ model: 'deepseek-r1-distill-qwen-7b', messages })}\n`);
  return file;
}
