// Every fixture, damaged at random (seeded): bytes flipped, pieces cut out, doubled or moved, values replaced by others. Whatever comes out
// opens, is counted as a problem, or is refused with a message; never a crash, never a hang. FUZZ_CASES asks for more than the usual few.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openTraceFile } from '../../engine/service/traceFile';
import { projectRoot } from '../support/paths';
import { randomFrom } from '../support/random';

const casesPerFixture = Number(process.env.FUZZ_CASES ?? 10);
const longestCaseMs = 5000;
const source = path.join(projectRoot, 'test/fixtures/formats');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'fuzz-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const strange = [
  'null',
  '[]',
  '{}',
  '""',
  '-1',
  '1e999',
  'true',
  '[[]]',
  '{"role":"assistant"}',
  '"<think>"',
  '"attachment://x"',
];
const pieces = [
  '"',
  '\\',
  '{',
  '[',
  '}',
  ']',
  '\n',
  ',',
  '<think>',
  '</think>',
  '\u0000',
  '\ufeff',
  '\ud800',
  "'",
  '<|channel|>',
  'data: ',
];

/** Keeps the text a text: its values and marks are exchanged. */
function damageText(text: string, random: (limit: number) => number): string {
  const at = random(text.length + 1);
  const length = random(random(4) === 0 ? text.length : 30);
  switch (random(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + pieces[random(pieces.length)] + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(at, at + length).repeat(2 + random(20)) + text.slice(at + length);
    default: {
      const values = [
        ...text.matchAll(/(?<=[:[,]\s*)(?:"(?:[^"\\]|\\.){0,200}"|-?\d+|true|false|null|\[[^[\]]{0,100}\])/g),
      ];
      const value = values[random(values.length)];
      if (!value) return text;
      return text.slice(0, value.index) + strange[random(strange.length)] + text.slice(value.index + value[0].length);
    }
  }
}

function damageBytes(bytes: Buffer, random: (limit: number) => number): Buffer {
  const damaged = Buffer.from(bytes);
  for (let count = 1 + random(8); count > 0; count -= 1) damaged[random(damaged.length)] = random(256);
  return random(4) === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
}

async function openAll(file: string): Promise<void> {
  try {
    const opened = await openTraceFile(file);
    for await (const example of opened.examples()) {
      assert.equal(typeof example.trace.reasoning, 'string');
      assert.ok(
        example.messages.every((message) => typeof message.role === 'string' && typeof message.content === 'string'),
      );
      if (!example.answer) continue;
      const { start, end } = example.answer.range;
      assert.ok(start >= 0 && start < end && end <= example.trace.answerText.length);
    }
  } catch (error) {
    assert.equal((error as Error).name, 'UserError', (error as Error).stack);
  }
}

const fixtures = fs
  .readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name !== 'expected.json')
  .map((entry) => entry.name);

for (const [index, name] of fixtures.entries()) {
  test(`${name}, damaged ${casesPerFixture} times, never crashes`, async () => {
    const bytes = fs.readFileSync(path.join(source, name));
    const binary = /\.(?:eval|parquet|zst)$/.test(name);
    const file = path.join(scratch, name);
    for (let round = 0; round < casesPerFixture; round += 1) {
      const random = randomFrom(index * 1_000_003 + round);
      let damaged: Buffer = bytes;
      if (binary || random(5) === 0) damaged = damageBytes(bytes, random);
      else
        for (let count = 1 + random(3); count > 0; count -= 1)
          damaged = Buffer.from(damageText(damaged.toString(), random));
      fs.writeFileSync(file, damaged);
      const startedAt = performance.now();
      await openAll(file);
      const took = performance.now() - startedAt;
      assert.ok(took < longestCaseMs, `case ${round} took ${took} ms`);
    }
  });
}
