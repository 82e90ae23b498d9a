// A person's own mapping beside the file: what it reads, and what is said when it is wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { recordLabels } from '../../../engine/service/recordLabels';
import { openTraceFile } from '../../../engine/service/traceFile';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mapping-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

let written = 0;
function write(rows: readonly unknown[], mapping: unknown): string {
  written += 1;
  const file = path.join(folder, `${written}.jsonl`);
  fs.writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  if (mapping !== undefined) fs.writeFileSync(`${file}.fields.json`, JSON.stringify(mapping));
  return file;
}

async function first(file: string): Promise<Example> {
  for await (const example of (await openTraceFile(file)).examples({ offset: 0, limit: 1 })) return example;
  throw new Error('no example');
}

const row = { q: { words: 'Up or down?' }, sys: 'Short.', log: [{ note: 'Up.\n' }], 'a.b': 'up', who: 'm-9' };

test('fields at any depth are read where the mapping points', async () => {
  const mapping = { prompt: 'q.words', reasoning: 'log.0.note', answer: 'a.b', system: 'sys', model: 'who' };
  const example = await first(write([row], mapping));
  assert.deepEqual(example.messages, [
    { role: 'system', content: 'Short.' },
    { role: 'user', content: 'Up or down?' },
  ]);
  assert.deepEqual(example.trace, { reasoning: 'Up.\n', frame: null, answerText: 'up' });
  assert.equal(example.model, 'm-9');
});

test('a hint, the right answer and whether the reasoning owns up to the hint are found where the mapping points', async () => {
  const mapping = { prompt: 'q.words', reasoning: 'log.0.note', answer: 'a.b' };
  const labels = { correct: 'meta.gold', hint: 'meta.cue', verbalized: 'meta.owns' };
  const asked = { ...row, meta: { gold: 'down', cue: 'up', owns: true } };
  const { fields } = await first(write([asked], { ...mapping, ...labels }));
  assert.deepEqual([fields.correct, fields.hint, fields.verbalized], ['down', 'up', 'true']);
  assert.deepEqual(recordLabels({ fields }, ['up', 'down']), { correct: 'down', hint: 'up', verbalized: true });
});

test('without a mapping, the fields and the way out are named', async () => {
  const file = write([row], undefined);
  await assert.rejects(openTraceFile(file), (error: Error) => {
    assert.match(error.message, /fields q, sys, log, a\.b, who/);
    assert.ok(error.message.includes(`${path.basename(file)}.fields.json`));
    return true;
  });
});

test('a mapping comes before a format that would read the file otherwise', async () => {
  const file = write([{ prompt: 'p', reasoning: 'a judge’s', cot: 'the model’s', response: 'r' }], {
    prompt: 'prompt',
    reasoning: 'cot',
    answer: 'response',
  });
  assert.equal((await first(file)).trace.reasoning, 'the model’s');
});

test('records in which the mapping finds nothing are problems', async () => {
  const file = write([row, { q: 1 }], { prompt: 'q.words', reasoning: 'log.0.note', answer: 'a.b' });
  const { summary } = await openTraceFile(file);
  assert.equal(summary.examples, 1);
  assert.match(summary.problems[0]!.reason, /"log\.0\.note"/);
});

test('a mapping that is none is refused with its name and an example', async () => {
  for (const [mapping, message] of [
    [{ prompt: 'q' }, /lacks "reasoning"/],
    [[], /JSON object/],
    [{ prompt: 'q', reasoning: 'r', answer: 'a', extra: 'x' }, /"extra" means nothing/],
  ] as const) {
    await assert.rejects(openTraceFile(write([row], mapping)), { name: 'UserError', message });
  }
});
