// Every reader on the records of its fixtures, changed at random in their structure (seeded): values exchanged, moved, dropped, doubled,
// wrapped, strings cut and spliced. A reader answers with turns or with a sentence about the record; never with a crash, a hang, or a turn
// that is not what its type says. READER_FUZZ_CASES asks for more than the usual few; `npm run trust` for 100,000 each.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { formats } from '../../engine/formats';
import type { Format, Head, ReadTurn } from '../../engine/formats/format';
import { openRecords } from '../../engine/formats/records/openRecords';
import { projectRoot } from '../support/paths';
import { type Random, randomFrom } from '../support/random';

const cases = Number(process.env.READER_FUZZ_CASES ?? 200);
/** One record is read in well under a millisecond; this is a hang. */
const longestCaseMs = 2000;
const folder = path.join(projectRoot, 'test/fixtures/formats');

type Seed = { readonly value: unknown; readonly text: string; readonly head: Head };

async function seedsOf(format: Format): Promise<readonly Seed[]> {
  const expected: Readonly<Record<string, { readonly format: string }>> = JSON.parse(
    fs.readFileSync(path.join(folder, 'expected.json'), 'utf8'),
  );
  const seeds: Seed[] = [];
  for (const [name, { format: id }] of Object.entries(expected)) {
    if (id !== format.id) continue;
    const { records, head } = await openRecords(path.join(folder, name));
    for await (const { value, text, problem } of records.scan({}))
      if (problem === null) seeds.push({ value, text, head });
    records.close?.();
  }
  return seeds;
}

const strange: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' \n',
  [],
  {},
  [[]],
  [null],
  [{}],
  { role: 'assistant' },
  { role: 'user', content: null },
  { content: [{ type: 'thinking' }] },
  '<think>',
  '</think>x',
  '<think></think>',
  '<|channel|>analysis<|message|>',
  'attachment://x',
  "[{'role': 'user', 'content': '",
  '{"reasoning": "',
  '<|im_start|>user\n',
  'data: {',
  '\ud800',
  '__proto__',
];

const pick = <T>(from: readonly T[], random: Random): T => from[random(from.length)]!;

/** The value with one place in it changed. */
function mutated(value: unknown, random: Random, depth = 0): unknown {
  const stops = depth > 12 || random(4) === 0;
  if (typeof value === 'string') return mutatedText(value, random);
  if (Array.isArray(value) && value.length > 0 && !stops) return mutatedList(value, random, depth);
  if (typeof value === 'object' && value !== null && !stops) return mutatedObject(value, random, depth);
  return random(3) === 0 ? [value, value] : pick(strange, random);
}

function mutatedList(list: readonly unknown[], random: Random, depth: number): unknown {
  const at = random(list.length);
  const kinds = [
    () => list.map((item, index) => (index === at ? mutated(item, random, depth + 1) : item)),
    () => list.filter((_, index) => index !== at),
    () => [...list, list[at]],
    () => [...list].reverse(),
    () => Object.fromEntries(list.map((item, index) => [String(index), item])),
    () => list[at],
  ];
  return pick([kinds[0]!, kinds[0]!, ...kinds], random)();
}

function mutatedObject(object: object, random: Random, depth: number): unknown {
  const entries = Object.entries(object);
  if (entries.length === 0) return pick(strange, random);
  const at = random(entries.length);
  const [name, item] = entries[at]!;
  const others = entries.filter((_, index) => index !== at);
  const kinds = [
    () => ({ ...object, [name]: mutated(item, random, depth + 1) }),
    () => Object.fromEntries(others),
    () => Object.fromEntries([...others, [pick(entries, random)[0], item]]),
    () => ({ ...object, [name]: object }),
    () => ({ ...object, [name]: JSON.stringify(item) }),
    () => ({ [name]: entries }),
  ];
  return pick([kinds[0]!, kinds[0]!, kinds[0]!, ...kinds], random)();
}

function mutatedText(text: string, random: Random): string {
  const [at, length] = [random(text.length + 1), random(40)];
  const kinds = [
    () => text.slice(0, at),
    () => text.slice(0, at) + text.slice(at + length),
    () => text.slice(0, at) + String(pick(strange, random)) + text.slice(at),
    () => text.slice(0, at) + text.slice(at, at + length).repeat(2 + random(6)) + text.slice(at + length),
    () => text.slice(at) + text.slice(0, at),
  ];
  return pick(kinds, random)();
}

function checkTurn({ turn, messages, trace, statedAnswer, fields }: ReadTurn, index: number): void {
  assert.equal(turn, index);
  for (const { role, content } of messages) assert.ok(typeof role === 'string' && typeof content === 'string');
  const { before = '', open = '', close = '' } = trace.frame ?? {};
  for (const text of [trace.reasoning, trace.answerText, before, open, close]) assert.equal(typeof text, 'string');
  assert.ok(statedAnswer === null || typeof statedAnswer === 'string');
  for (const value of Object.values(fields)) assert.ok(value === null || typeof value !== 'object');
}

function readAll(format: Format, { value, text, head }: Seed): void {
  try {
    assert.ok(format.recognizes(value, head) >= 0);
    for (const [index, turn] of format.read(value, text).entries()) checkTurn(turn, index);
  } catch (error) {
    assert.equal((error as Error).name, 'UserError', (error as Error).stack);
  }
}

for (const [number, format] of formats.entries()) {
  test(`${format.id}: ${cases} changed records are read or refused`, async () => {
    const seeds = await seedsOf(format);
    assert.ok(seeds.length > 0);
    for (let round = 0; round < cases; round += 1) {
      const random = randomFrom(number * 1_000_003 + round);
      const seed = pick(seeds, random);
      let { value, text } = seed;
      const startedAt = performance.now();
      for (let count = 1 + random(3); count > 0; count -= 1) {
        if (format.framing === 'text') text = mutatedText(text, random);
        else value = mutated(value, random);
      }
      try {
        readAll(format, {
          value,
          text,
          head: { ...seed.head, text: format.framing === 'text' ? text : seed.head.text },
        });
      } catch (error) {
        throw new Error(`case ${round}: ${JSON.stringify(format.framing === 'text' ? text : value)?.slice(0, 2000)}`, {
          cause: error,
        });
      }
      const took = performance.now() - startedAt;
      assert.ok(took < longestCaseMs, `case ${round} took ${took} ms`);
    }
  });
}
