// Every format of the table, in every container, on fixtures of our own: what must be read is written beside them (expected.json),
// made from the parts that the fixtures were made of and not by any reader.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Example } from '../../engine/domain/example';
import { formats } from '../../engine/formats';
import { openTraceFile } from '../../engine/service/traceFile';
import { projectRoot } from '../support/paths';

type ExpectedTurn = {
  readonly messages: readonly (readonly [role: string, content: string])[];
  readonly reasoning: string;
  readonly frame: readonly [before: string, open: string, close: string] | null;
  readonly answerText: string;
  readonly answer: string | null;
  readonly opaque: boolean;
  readonly model: string | null;
};
type Expected = {
  readonly format: string;
  readonly turns: readonly ExpectedTurn[];
  readonly problems: number;
  readonly withoutReasoning: number;
  readonly reader?: string;
  readonly options?: readonly string[];
};

const folder = path.join(projectRoot, 'test/fixtures/formats');
const expected: Readonly<Record<string, Expected>> = JSON.parse(
  fs.readFileSync(path.join(folder, 'expected.json'), 'utf8'),
);

async function all(examples: AsyncIterable<Example>): Promise<readonly Example[]> {
  const found: Example[] = [];
  for await (const example of examples) found.push(example);
  return found;
}

const readTurn = ({ messages, trace, answer, opaque, model }: Example): ExpectedTurn => ({
  messages: messages.map((message) => [message.role, message.content]),
  reasoning: trace.reasoning,
  frame: trace.frame && [trace.frame.before, trace.frame.open, trace.frame.close],
  answerText: trace.answerText,
  answer: answer?.option ?? null,
  opaque: opaque !== null,
  model,
});

test('every format of the table has a fixture in which it finds reasoning', () => {
  const covered = new Set(
    Object.values(expected)
      .filter((one) => one.turns.length > 0)
      .map((one) => one.format),
  );
  assert.deepEqual(
    formats.map((format) => format.id).filter((id) => !covered.has(id)),
    [],
  );
});

for (const [name, wanted] of Object.entries(expected)) {
  test(`reads ${name} exactly`, async () => {
    const file = await openTraceFile(path.join(folder, name));
    const examples = await all(file.examples());
    assert.equal(file.format.id, wanted.format);
    assert.deepEqual(examples.map(readTurn), wanted.turns);
    const { summary } = file;
    assert.equal(summary.examples, wanted.turns.length);
    assert.equal(summary.problems.length, wanted.problems);
    assert.equal(summary.withoutReasoning, wanted.withoutReasoning);
    assert.equal(summary.opaque, wanted.turns.filter((turn) => turn.opaque).length);
    if (wanted.reader !== undefined) assert.equal(summary.answer.reader, wanted.reader);
    if (wanted.options !== undefined) assert.deepEqual(summary.answer.options, wanted.options);
  });

  test(`finds each example of ${name} again by its place and id`, async () => {
    const file = await openTraceFile(path.join(folder, name));
    const examples = await all(file.examples());
    assert.equal(new Set(examples.map((example) => example.id)).size, examples.length);
    for (const [index, example] of examples.entries()) {
      assert.deepEqual(await file.at(example.source, example.id), example);
      assert.deepEqual(await all(file.examples({ offset: index, limit: 1 })), [example]);
      if (!example.answer) continue;
      const { range, option } = example.answer;
      assert.equal(example.trace.answerText.slice(range.start, range.end).toLowerCase(), option.toLowerCase());
    }
  });
}
