// Every way to write out, on the fixtures of every format and on texts that are hard to write: our own readers read back the same
// reasoning, answer and prompt.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Example } from '../../engine/domain/example';
import { exportFormats } from '../../engine/exports';
import type { ExportFormat, ExportItem } from '../../engine/exports/export';
import { openTraceFile } from '../../engine/service/traceFile';
import { projectRoot } from '../support/paths';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exports-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const fixtures = path.join(projectRoot, 'test/fixtures/formats');
const sources = [
  'rl_loans.jsonl',
  'chat-dialects.jsonl',
  'fields.jsonl',
  'harmony.txt',
  'inspect.eval',
  'thought_anchors',
];

const hard = [
  'plain',
  ' led and ended by white space \n\n',
  'quotes " and \' and "" and `, commas; semicolons\ttabs\r\nand both line ends\r',
  '=HYPERLINK("x") looks like a formula',
  'Ünïcödé 😀 \u00a0\u2028\u200b\ufeff\u0000\u001b[31m',
  '\\n is no line break, \\ is a backslash, \\u0041 no letter',
  '{"reasoning": "a turn in JSON"} [1, 2]',
];

async function all(file: string): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for await (const example of (await openTraceFile(file)).examples()) examples.push(example);
  return examples;
}

async function* itemsOf(examples: readonly Example[]): AsyncGenerator<ExportItem> {
  for (const example of examples) {
    const { messages, trace, answer, model } = example;
    yield { example, messages, trace, answer: answer?.option ?? null, model, outcome: null };
  }
}

let written = 0;
async function write(format: ExportFormat, examples: readonly Example[], forSpreadsheet = false): Promise<string> {
  written += 1;
  const out = path.join(folder, `${written}${format.extension ?? ''}`);
  const count = await format.write({ items: itemsOf(examples), out, name: 'test', forSpreadsheet });
  assert.equal(count, examples.length);
  assert.ok(!fs.existsSync(`${out}.partial`));
  return out;
}

/** White space between reasoning and answer may belong to either. */
const said = ({ trace, opaque }: Example): readonly unknown[] => [
  trace.reasoning,
  opaque === null ? trace.answerText.trimStart() : null,
];

for (const format of exportFormats) {
  for (const source of sources) {
    test(`${format.id}: what is written of ${source} is read back`, async () => {
      const examples = (await all(path.join(fixtures, source))).filter((example) => example.opaque === null);
      assert.ok(examples.length > 0);
      const back = await all(await write(format, examples));
      // Folders are read in the order of their names.
      const inOrder = (turns: readonly (readonly unknown[])[]) =>
        format.extension === null ? [...turns].sort() : turns;
      assert.deepEqual(inOrder(back.map(said)), inOrder(examples.map(said)));
      if (format.id === 'thought-anchors' || format.id === 'inspect') return;
      assert.deepEqual(
        back.map(({ messages }) => messages),
        examples.map(({ messages }) => messages),
      );
    });
  }

  test(`${format.id}: texts that are hard to write are read back exactly`, async () => {
    const rows = hard.map((text, n) =>
      JSON.stringify({ prompt: `${text}?`, reasoning: `${text}.`, answer: `${n} ${text}` }),
    );
    const source = path.join(folder, 'hard.jsonl');
    fs.writeFileSync(source, rows.join('\n'));
    const examples = await all(source);
    assert.equal(examples.length, hard.length);
    const back = await all(await write(format, examples));
    assert.deepEqual(back.map(said), examples.map(said));
  });

  test(`${format.id}: nothing is left where writing fails`, async () => {
    const out = path.join(folder, `failed${format.extension ?? ''}`);
    async function* failing(): AsyncGenerator<ExportItem> {
      yield* itemsOf((await all(path.join(fixtures, 'rl_loans.jsonl'))).slice(0, 1));
      throw new Error('the source broke');
    }
    const request = { items: failing(), out, name: 'test', forSpreadsheet: false };
    await assert.rejects(format.write(request), /the source broke/);
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.startsWith('failed')),
      [],
    );
  });
}

test('cells for a spreadsheet are guarded, and only those that need it', async () => {
  const csv = exportFormats.find(({ id }) => id === 'csv')!;
  const source = path.join(folder, 'formula.jsonl');
  fs.writeFileSync(source, JSON.stringify({ prompt: 'p', reasoning: '=1+1', answer: 'so 2' }));
  const examples = await all(source);
  const [guarded] = await all(await write(csv, examples, true));
  assert.equal(guarded?.trace.reasoning, "'=1+1");
  assert.equal(guarded?.trace.answerText, 'so 2');
});

test('half a character goes into JSON alone, and the others say so', async () => {
  const source = path.join(folder, 'half.jsonl');
  fs.writeFileSync(source, '{"prompt": "p", "reasoning": "a\\ud800b.", "answer": "r"}');
  const examples = await all(source);
  for (const { id, write: writeOut, extension } of exportFormats) {
    const request = { items: itemsOf(examples), out: path.join(folder, `half-${id}${extension ?? ''}`), name: 't' };
    const done = writeOut({ ...request, forSpreadsheet: false });
    if (id === 'csv' || id === 'parquet') await assert.rejects(done, /Export to jsonl/);
    else assert.equal(await done.then(() => all(request.out).then(([one]) => one?.trace.reasoning)), 'a\ud800b.');
  }
});
