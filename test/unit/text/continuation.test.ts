import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { uniform } from '../../../engine/lm/philox';
import { idsAfterCut } from '../../../engine/text/continuation';
import { offsetTokenizer } from '../../../engine/text/offsetTokenizer';

const load = (file: string) => offsetTokenizer(JSON.parse(readFileSync(file, 'utf8')));
const qwen = load('test/fixtures/models/tiny-qwen2-gqa/tokenizer.json');
const llama = load('test/fixtures/models/tiny-llama-plain/tokenizer.json');

const text = '<think>\nThe income is low.\n\nSo 😀 reject!\n</think>\n\n<answer>reject</answer>';
const closing = '\n</think>\n\n<answer>';

for (const [name, { encode, encodeAfter, decode }] of Object.entries({ qwen, llama })) {
  const whole = encode(text);
  const spell = (ids: readonly number[]): string => decode(ids).slice(name === 'llama' ? 1 : 0);

  test(`${name}: at every cut the ids spell the kept text and the suffix, and start with the whole's own`, () => {
    for (let keptEnd = 0; keptEnd <= text.length; keptEnd += 1) {
      if (/^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(keptEnd - 1, keptEnd + 1))) continue;
      for (const suffix of ['', closing, 'x']) {
        const { ids, keptIds } = idsAfterCut(whole, { text, keptEnd, suffix }, encodeAfter);
        assert.equal(spell(ids), text.slice(0, keptEnd) + suffix, `cut at ${keptEnd}`);
        assert.deepEqual(ids.slice(0, keptIds), whole.ids.slice(0, keptIds));
        const next = whole.ends[keptIds] ?? Number.POSITIVE_INFINITY;
        assert.ok(next > keptEnd || !whole.complete[keptIds], 'a whole token before the cut was encoded anew');
      }
    }
  });

  test(`${name}: what the text itself goes on with keeps the whole's own ids`, () => {
    for (let keptEnd = 0; keptEnd <= text.length; keptEnd += 1) {
      const { ids, keptIds } = idsAfterCut(whole, { text, keptEnd, suffix: text.slice(keptEnd) }, encodeAfter);
      assert.deepEqual(ids, whole.ids);
      assert.equal(keptIds, whole.ids.length);
    }
  });

  test(`${name}: random texts`, () => {
    const pieces = ['a', ' so', '.', '.\n\n', '\n', '😀', '日', '</think>', ' ', '12'];
    for (let round = 0; round < 300; round += 1) {
      const random = Array.from(
        { length: 10 },
        (_, i) => pieces[Math.floor(uniform(`cut ${round}`, i) * pieces.length)],
      ).join('');
      const encoding = encode(random);
      const grid = encoding.ends.filter((_, i) => encoding.complete[i]);
      const keptEnd = grid[Math.floor(uniform(`cut ${round}`, 99) * grid.length)] ?? 0;
      const { ids } = idsAfterCut(encoding, { text: random, keptEnd, suffix: '!' }, encodeAfter);
      assert.equal(decode(ids).trimStart(), `${random.slice(0, keptEnd)}!`.trimStart());
    }
  });
}

test('a token that reaches across the cut is split, and the rest is tokenized with the suffix', () => {
  const { encode, encodeAfter } = qwen;
  const merged = encode('low.\n\nSo');
  const paragraph = merged.ends.indexOf('low.\n\n'.length);
  assert.equal(merged.starts[paragraph], 'low'.length, 'the fixture is meant to merge ".\\n\\n" into one token');
  const { ids, keptIds } = idsAfterCut(
    merged,
    { text: 'low.\n\nSo', keptEnd: 'low.'.length, suffix: closing },
    encodeAfter,
  );
  assert.equal(keptIds, paragraph);
  assert.deepEqual(ids, [...merged.ids.slice(0, paragraph), ...encodeAfter(merged.ids, `.${closing}`).ids]);
});

test("when the suffix is the text's own, only the token that reaches beyond it is encoded anew", () => {
  const { encode, encodeAfter } = qwen;
  const whole = encode('low.\n\nSo');
  const { ids, keptIds } = idsAfterCut(whole, { text: 'low.\n\nSo', keptEnd: 1, suffix: 'ow.' }, encodeAfter);
  const paragraph = whole.ends.indexOf('low.\n\n'.length);
  assert.equal(keptIds, paragraph);
  assert.deepEqual(ids, [...whole.ids.slice(0, paragraph), ...encodeAfter(whole.ids, '.').ids]);
});
