import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { CutRecord, SampleResult } from '../../../engine/domain/run';
import { diffPanes, type Segment } from '../../../webview/views/diffModel';

const reasoning = '\nThe income covers the loan. The debts are small. So I approve it.\n';
const answerText = '\n\n<recommendation>\napprove\n</recommendation>';

function example(
  frame: Example['trace']['frame'] = { before: '', open: '<reasoning>', close: '</reasoning>' },
): Example {
  const start = answerText.indexOf('approve');
  return {
    id: exampleId('a1'),
    source: { kind: 'bytes', file: 'a.jsonl', start: 0, end: 1, line: 1 },
    turn: 0,
    messages: [],
    trace: { reasoning, frame, answerText },
    answer: { option: 'approve', range: { start, end: start + 'approve'.length } },
    model: null,
    sampling: 'unknown',
    opaque: null,
    fields: {},
  };
}

const cutAt = (offset: number): CutRecord => ({ k: 1, n: 2, offset, backedOff: false, removedClosing: '' });

function result(changes: Partial<SampleResult>): SampleResult {
  return {
    condition: conditionId('c1'),
    sample: 0,
    outcome: { kind: 'option', option: 'reject' },
    text: 'reject',
    tokens: 1,
    finish: 'forced',
    wentOn: false,
    probabilities: null,
    minMargin: null,
    ...changes,
  };
}

const textOf = (segments: readonly Segment[], ...kinds: Segment['kind'][]): string =>
  segments
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ text }) => text)
    .join('');

const whole = `${reasoning}</reasoning>${answerText}`;

test('both panes hold their texts, character for character', () => {
  const text = ' The debts are large. So I reject it.\n</reasoning>\n\n<recommendation>\nreject\n</recommendation>';
  const offset = reasoning.indexOf(' The debts');
  const { original, regenerated } = diffPanes(example(), cutAt(offset), result({ text, finish: 'stop' }));
  assert.equal(textOf(original), whole);
  assert.equal(textOf(regenerated), reasoning.slice(0, offset) + text);
  assert.equal(textOf(original, 'kept'), reasoning.slice(0, offset));
  assert.equal(textOf(original, 'kept', 'same'), textOf(regenerated, 'kept', 'same'));
  assert.match(textOf(original, 'left'), /small.*approve/s);
  assert.match(textOf(regenerated, 'new'), /large.*reject/s);
});

test('a frozen trace differs in the answer alone', () => {
  const { original, regenerated } = diffPanes(example(), cutAt(reasoning.trimEnd().length), result({}));
  assert.equal(textOf(original, 'left'), 'approve');
  assert.equal(textOf(regenerated, 'new'), 'reject');
  assert.equal(textOf(regenerated), whole.replace('>\napprove\n<', '>\nreject\n<'));
});

test('half closed: the part that was left out is shown as left out', () => {
  const offset = reasoning.indexOf(' So I');
  const { original, regenerated } = diffPanes(
    example(),
    cutAt(offset),
    result({ outcome: { kind: 'option', option: 'approve' } }),
  );
  assert.match(textOf(original, 'left'), /So I approve it\./);
  assert.doesNotMatch(textOf(regenerated), /So I approve/);
  assert.match(textOf(regenerated), /small\.\n<\/reasoning>\n\n<recommendation>\napprove/);
});

test('nothing kept: no kept segment; nothing changed: no marks', () => {
  const { original, regenerated } = diffPanes(example(), cutAt(0), result({ text: whole, finish: 'stop' }));
  assert.deepEqual(original, [{ kind: 'same', text: whole, start: 0 }]);
  assert.deepEqual(regenerated, original);
});

test('reasoning in a field of its own is set apart from the answer', () => {
  const { original } = diffPanes(example(null), cutAt(0), result({ text: 'x', finish: 'length' }));
  assert.equal(textOf(original), `${reasoning}\n\n${answerText}`);
});

test('an answer that the model did not choose from the options is shown as it wrote it', () => {
  const unreadable = result({ outcome: { kind: 'unreadable', reason: 'no tag' }, text: 'maybe' });
  assert.equal(textOf(diffPanes(example(), cutAt(0), unreadable).regenerated, 'new').includes('maybe'), true);
});

test('changes that are a word apart are read as one', () => {
  const words = (text: string): Example => ({
    ...example(null),
    trace: { reasoning: text, frame: null, answerText: '' },
  });
  const { original } = diffPanes(
    words('one two three four five'),
    cutAt(0),
    result({ text: 'ONE two THREE four five\n\n', finish: 'stop' }),
  );
  assert.deepEqual(original[0], { kind: 'left', text: 'one two three', start: 0 });
});

test('two long texts with nothing in common do not hang the page', () => {
  const far = (letter: string): string => Array.from({ length: 30_000 }, (_, i) => `${letter}${i}`).join(' ');
  const long: Example = { ...example(null), trace: { reasoning: far('a'), frame: null, answerText: '' } };
  const started = performance.now();
  const { original, regenerated } = diffPanes(long, cutAt(0), result({ text: far('b'), finish: 'length' }));
  assert.ok(performance.now() - started < 5000);
  assert.equal(textOf(original), `${far('a')}\n\n`);
  assert.equal(textOf(regenerated), far('b'));
});

test('an edit of the trace is compared, not taken for kept text', () => {
  const start = reasoning.indexOf('small');
  const changes = [{ range: { start, end: start + 'small'.length }, is: 'large' }];
  const cut = { ...cutAt(reasoning.length - 1), changes };
  const { original, regenerated } = diffPanes(example(), cut, result({}));
  assert.equal(textOf(original), whole);
  assert.equal(textOf(regenerated), whole.replace('small', 'large').replace('approve\n</rec', 'reject\n</rec'));
  assert.equal(textOf(original, 'kept'), reasoning.slice(0, start));
  assert.match(textOf(original, 'left'), /small/);
  assert.match(textOf(regenerated, 'new'), /large/);
});

test('an edit behind an open cut leaves the kept text as it is', () => {
  const end = reasoning.trimEnd().length;
  const offset = reasoning.indexOf(' So I');
  const cut = { ...cutAt(offset), changes: [{ range: { start: end - 3, end }, is: '' }] };
  const { original } = diffPanes(example(), cut, result({ text: ' So I reject it.', finish: 'stop' }));
  assert.equal(textOf(original, 'kept'), reasoning.slice(0, offset));
});
