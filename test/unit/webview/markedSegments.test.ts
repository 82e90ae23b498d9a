import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Annotation } from '../../../engine/domain/annotation';
import { conditionId, exampleId, runId } from '../../../engine/domain/ids';
import type { DiffData } from '../../../webview/protocol';
import type { DiffPanes, Segment } from '../../../webview/views/diffModel';
import { marksOf, rangeTarget, sentenceFrom, splitAtMarks } from '../../../webview/views/markedSegments';

const reasoning = 'It rains. So we stay. ';
const example = exampleId('e1');
const at = { example, run: runId('r1'), condition: conditionId('c1'), sample: 0 };
const cutAt = 9;
const written = ' Yet we go.';
const segment = (kind: Segment['kind'], text: string, start: number): Segment => ({ kind, text, start });
const panes: DiffPanes = {
  original: [segment('kept', 'It rains.', 0), segment('left', ' So we stay. </think>yes', 9)],
  regenerated: [segment('kept', 'It rains.', 0), segment('new', written, 9)],
  common: cutAt,
};

function dataWith(finish: 'stop' | 'forced', ...targets: readonly Annotation['target'][]): DiffData {
  return {
    example: { id: example, trace: { reasoning } },
    cut: { offset: cutAt },
    results: [{ finish }],
    annotations: targets.map((target) => ({ target })),
  } as unknown as DiffData;
}

const quoted = (text: string, quote: string) => ({
  start: text.indexOf(quote),
  end: text.indexOf(quote) + quote.length,
  quote,
});

test('words of the record are marked in the original, words of a sample in what it wrote, gone ones nowhere', () => {
  const data = dataWith(
    'stop',
    { example, range: quoted(reasoning, 'So we stay.') },
    { ...at, range: quoted(written, 'we go') },
    { ...at, sample: 1, range: quoted(written, 'Yet') },
    { example, range: { start: 0, end: 4, quote: 'gone' } },
    { example },
  );
  const marks = marksOf(data, panes, { sample: 0, condition: 'c1' });
  assert.deepEqual(
    marks.map(({ pane, range }) => [pane, range.start, range.end]),
    [
      ['original', 10, 21],
      ['regenerated', 14, 19],
    ],
  );
});

test('a selection is anchored to the record, to what was written, or to neither', () => {
  const data = dataWith('stop');
  const forced = dataWith('forced');
  const target = (pane: 'original' | 'regenerated', start: number, end: number) =>
    rangeTarget({ pane, range: { start, end } }, { data, panes, at });
  assert.deepEqual(target('original', 10, 21), { example, range: { start: 10, end: 21, quote: 'So we stay.' } });
  assert.equal(target('original', 3, 99)?.range?.quote, 'rains. So we stay.', 'not the answer');
  assert.equal(target('original', 24, 30), null);
  assert.deepEqual(target('regenerated', 0, 9), { example, range: { start: 0, end: 9, quote: 'It rains.' } });
  assert.deepEqual(target('regenerated', 10, 13), { ...at, range: { start: 1, end: 4, quote: 'Yet' } });
  assert.equal(target('regenerated', 5, 12), null);
  const option = { pane: 'regenerated', range: { start: 10, end: 13 } } as const;
  assert.equal(rangeTarget(option, { data: forced, panes, at }), null);
});

test('segments are split at marks, and hold every character', () => {
  const data = dataWith(
    'stop',
    { example, range: quoted(reasoning, 'rains. So') },
    { example, range: quoted(reasoning, 'So we') },
  );
  const marks = marksOf(data, panes, { sample: 0, condition: 'c1' });
  const pieces = panes.original.flatMap((one) => splitAtMarks(one, marks));
  assert.equal(pieces.map(({ text }) => text).join(''), panes.original.map(({ text }) => text).join(''));
  assert.deepEqual(
    pieces.map(({ start, text, marks: own }) => [start, text, own.length]),
    [
      [0, 'It ', 0],
      [3, 'rains.', 1],
      [9, ' ', 1],
      [10, 'So', 2],
      [12, ' we', 1],
      [15, ' stay. </think>yes', 0],
    ],
  );
});

test('sentences are gone through and gathered by keys', () => {
  const steps = [
    { start: 0, end: 10 },
    { start: 10, end: 20 },
    { start: 20, end: 30 },
  ];
  const next = { step: 1, isMore: false } as const;
  assert.deepEqual(sentenceFrom(steps, undefined, next), steps[0]);
  assert.deepEqual(sentenceFrom(steps, { start: 0, end: 9 }, next), steps[1]);
  assert.deepEqual(sentenceFrom(steps, { start: 10, end: 19 }, { step: 1, isMore: true }), { start: 10, end: 30 });
  assert.deepEqual(sentenceFrom(steps, { start: 20, end: 29 }, { step: -1, isMore: false }), steps[1]);
  assert.deepEqual(sentenceFrom(steps, undefined, { step: -1, isMore: false }), steps[2]);
  assert.equal(sentenceFrom(steps, { start: 20, end: 29 }, next), null);
  assert.equal(sentenceFrom([], undefined, next), null);
});
