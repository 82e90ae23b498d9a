import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { uniform } from '../../../engine/lm/philox';
import type { Encoding } from '../../../engine/text/modelText';
import { offsetTokenizer } from '../../../engine/text/offsetTokenizer';

type Reference = {
  readonly tokenizer: { readonly normalizer: { readonly type: string } | null };
  readonly cases: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly ends: readonly number[];
  }[];
};

const folder = path.resolve('test/fixtures/tokenizers');
const names = readdirSync(folder).map((file) => path.basename(file, '.json'));
const referenceOf = (name: string): Reference => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

/** Texts that no tokenizer should stumble over, made of characters of every kind; lone surrogates too. */
function* randomTexts(stream: string, count: number): Generator<string> {
  const pieces = [
    'a',
    'The ',
    ' loan',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    '. ',
    '.\n\n',
    '12',
    '²',
    '½',
    '😀',
    '👨‍👩‍👧',
    '日本',
    'e\u0301',
    'é',
    'ﬁ',
    'שָׁלוֹם',
    'م',
    '\u00a0',
    '<think>',
    '</think>',
    '<s>',
    '\u0000',
    '\uffff',
    '\u2028',
    '𝒳',
    '\u1100\u1161',
  ];
  for (let i = 0; i < count; i += 1) {
    const length = Math.floor(uniform(`${stream} length`, i) * 16);
    yield Array.from({ length }, (_, k) => pieces[Math.floor(uniform(`${stream} ${i}`, k) * pieces.length)]).join('');
  }
}

function assertCovers(text: string, encoding: Encoding): void {
  const slices = encoding.ids.map((_, i) => text.slice(encoding.starts[i], encoding.ends[i]));
  assert.equal(slices.join(''), text);
  assert.equal(encoding.starts.length, encoding.ids.length);
  assert.equal(encoding.complete.length, encoding.ids.length);
  for (const [i, end] of encoding.ends.entries()) {
    assert.equal(encoding.starts[i], encoding.ends[i - 1] ?? 0);
    assert.doesNotMatch(text.slice(end - 1, end + 1), /^[\ud800-\udbff][\udc00-\udfff]$/);
  }
}

for (const name of names) {
  const { tokenizer, cases } = referenceOf(name);
  const { encode, decode, encodeAfter, stream } = offsetTokenizer(tokenizer);

  test(`${name}: ids are those of the reference implementation`, () => {
    assert.ok(cases.length >= 50);
    for (const { text, ids } of cases) assert.deepEqual(encode(text).ids, ids, JSON.stringify(text));
  });

  test(`${name}: tokens cover the text without gaps, and never end inside a character`, () => {
    for (const text of [...cases.map((one) => one.text), ...randomTexts(name, 200)]) assertCovers(text, encode(text));
  });

  // The reference gives every byte of a character the character's whole range, and composed characters that of their first one.
  if (tokenizer.normalizer === null || tokenizer.normalizer.type === 'Sequence') {
    test(`${name}: tokens that complete a character end where the reference says`, () => {
      for (const { text, ends } of cases) {
        const encoding = encode(text);
        for (const [i, end] of encoding.ends.entries()) {
          if (encoding.complete[i] && end > (encoding.starts[i] ?? 0)) assert.equal(end, ends[i], JSON.stringify(text));
        }
      }
    });

    test(`${name}: decoding gives the text back, but for the spaces put in front`, () => {
      const exact = name.startsWith('byteLevel') && name !== 'byteLevelPrefix' && name !== 'byteLevelStripping';
      for (const text of [...cases.map((one) => one.text), ...randomTexts(name, 100)]) {
        const plain = (words: string): string => (exact ? words : words.replace(/[\s\u2581]+/g, ''));
        assert.equal(plain(decode(encode(text).ids)), plain(text));
      }
    });
  }

  test(`${name}: streaming gives the same text as decoding at once, and no half characters`, () => {
    for (const text of randomTexts(`${name} stream`, 50)) {
      const { ids } = encode(text);
      const { push, end } = stream();
      const parts = [...ids.map(push), end()];
      assert.equal(parts.join(''), decode(ids));
      assert.ok(parts.every((part) => !part.includes('\ufffd')));
    }
  });

  test(`${name}: text that goes on after other text gets no space in front`, () => {
    const before = encode('The applicant').ids;
    for (const text of ['is', ' is', '\n</think>', 'x', '😀 so']) {
      const strips = name === 'byteLevelStripping' && text.includes('<');
      assert.equal(decode(encodeAfter(before, text).ids), strips ? text.trim() : text);
      assertCovers(text, encodeAfter(before, text));
    }
    assert.deepEqual(encodeAfter([], 'The'), encode('The'));
  });

  test(`${name}: lone surrogates are tokens of the replacement character`, () => {
    for (const text of ['\ud800', 'a\udc00b', '\ud83d \ude00', 'x\ud800']) {
      const encoding = encode(text);
      assertCovers(text, encoding);
      assert.ok(decode(encoding.ids).includes('\ufffd'));
    }
  });
}

test('text after an added token gets the space that the tokenizer puts there', () => {
  const { encode, encodeAfter } = offsetTokenizer(referenceOf('spacedAlways').tokenizer);
  const whole = encode('<think>So');
  assert.deepEqual(encodeAfter(whole.ids.slice(0, 1), 'So').ids, whole.ids.slice(1));
});

test('tokenizers whose tokens cannot be followed are refused, with the reason', () => {
  assert.throws(() => offsetTokenizer({}), /has no "model"/);
  assert.throws(() => offsetTokenizer({ model: { type: 'WordPiece', vocab: {} } }), /"WordPiece"/);
  const { tokenizer } = referenceOf('byteLevelDigits');
  const removing = { type: 'Split', pattern: { Regex: 'x' }, behavior: 'Removed', invert: false };
  const { encode } = offsetTokenizer({ ...tokenizer, pre_tokenizer: removing });
  assert.throws(() => encode('axb'), /does not give back the text "axb"/);
});

test('a byte-level vocabulary that lacks bytes is refused, not skipped', () => {
  const model = { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] };
  const part = { type: 'ByteLevel', add_prefix_space: false, use_regex: true };
  const tokenizer = {
    model,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: part,
    post_processor: null,
    decoder: part,
  };
  const { encode } = offsetTokenizer(tokenizer);
  assert.deepEqual(encode('ab').ids, [0, 1]);
  assert.throws(() => encode('acb'), /does not give back/);
});

test('text that a vocabulary lacks is covered by its token for unknown text', () => {
  const model = { type: 'BPE', vocab: { '<unk>': 0, a: 1, b: 2 }, merges: [], unk_token: '<unk>' };
  const tokenizer = {
    model,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'Fuse' },
  };
  const encoding = offsetTokenizer(tokenizer).encode('a日本b😀');
  assert.deepEqual(encoding.ids, [1, 0, 0, 2, 0]);
  assert.deepEqual(encoding.ends, [1, 2, 3, 4, 6]);
});
