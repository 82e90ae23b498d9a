// Where reasoning begins and ends inside a turn's own text; whatever the text, its parts joined are the text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitInlineTags } from '../../../engine/formats/parts/inlineTags';

type Parts = readonly [before: string, open: string, reasoning: string, close: string, answerText: string];

function split(text: string): Parts | null {
  const trace = splitInlineTags(text);
  return trace?.frame
    ? [trace.frame.before, trace.frame.open, trace.reasoning, trace.frame.close, trace.answerText]
    : null;
}

const cases: readonly (readonly [title: string, text: string, parts: Parts | null])[] = [
  ['a pair', '<think>\na\n</think>\n\nb', ['', '<think>', '\na\n', '</think>', '\n\nb']],
  ['text before', 'Well. <reasoning>a</reasoning>b', ['Well. ', '<reasoning>', 'a', '</reasoning>', 'b']],
  ['no opening tag', 'a\n</think>b', ['', '', 'a\n', '</think>', 'b']],
  ['no closing tag', ' <think>a and', [' ', '<think>', 'a and', '', '']],
  ['a tag that is only mentioned', 'Use <think> for that.', null],
  ['an empty pair', '<think>\n\n</think>\n\nb', ['', '<think>', '\n\n', '</think>', '\n\nb']],
  ['attributes', '<think sig="x">a</think>b', ['', '<think sig="x">', 'a', '</think>', 'b']],
  ['nested', '<think>a<think>b</think>c</think>d', ['', '<think>', 'a<think>b</think>c', '</think>', 'd']],
  ['nested without balance', '<think>a <think> b</think>c', ['', '<think>', 'a <think> b', '</think>', 'c']],
  [
    'other tags inside',
    '<think>a<reasoning>b</reasoning></think>c',
    ['', '<think>', 'a<reasoning>b</reasoning>', '</think>', 'c'],
  ],
  [
    'the answer talks of tags',
    '<think>a</think>b <think>c</think>',
    ['', '<think>', 'a', '</think>', 'b <think>c</think>'],
  ],
  ['longer names', '<thinking>a</thinking>b', ['', '<thinking>', 'a', '</thinking>', 'b']],
  [
    'OpenThoughts',
    '<|begin_of_thought|>a<|end_of_thought|> b',
    ['', '<|begin_of_thought|>', 'a', '<|end_of_thought|>', ' b'],
  ],
  ['Magistral', '[THINK]a[/THINK]b', ['', '[THINK]', 'a', '[/THINK]', 'b']],
  ['Kimi', '◁think▷a◁/think▷b', ['', '◁think▷', 'a', '◁/think▷', 'b']],
  ['none', 'a', null],
];

for (const [title, text, parts] of cases) {
  test(`splits: ${title}`, () => assert.deepEqual(split(text), parts));
}

test('the parts joined are the text, whatever tags it is made of', () => {
  const pieces = [
    '<think>',
    '</think>',
    '<think a>',
    '<reasoning>',
    '</reasoning>',
    '[THINK]',
    '\n',
    'a',
    '<',
    '😀',
    ' ',
  ];
  let state = 7;
  const next = (limit: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * limit);
  };
  let found = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: next(9) }, () => pieces[next(pieces.length)]).join('');
    const parts = split(text);
    if (!parts) continue;
    found += 1;
    assert.equal(parts.join(''), text);
  }
  assert.ok(found > 1000);
});

test('a text full of tags takes linear time', () => {
  const startedAt = performance.now();
  for (const piece of ['<think>', '</think>', '<think ', '<think>a</think>', '[THINK]'])
    splitInlineTags(piece.repeat(50_000));
  assert.ok(performance.now() - startedAt < 3000, `${performance.now() - startedAt} ms`);
});
