import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Close, Condition, Keep } from '../../../engine/domain/condition';
import type { Example } from '../../../engine/domain/example';
import { conditionId, exampleId } from '../../../engine/domain/ids';
import type { SampleResult } from '../../../engine/domain/run';
import { wordLikeness } from '../../../engine/measure/wordLikeness';
import { producerIds } from '../../../engine/service/producerIds';
import { sampleFacts } from '../../../engine/service/sampleFacts';
import { holdsRun } from '../../../engine/service/traceCheck';

const example: Example = {
  id: exampleId('e'),
  source: { kind: 'bytes', file: 'f', start: 0, end: 0, line: 1 },
  turn: 0,
  messages: [],
  trace: { reasoning: '\nThe income is high. The costs are low.\n', frame: null, answerText: 'approve' },
  answer: null,
  model: null,
  sampling: 'greedy',
  opaque: null,
  fields: {},
};

const condition = (keep: Keep, close: Close, swapped = false): Condition => ({
  id: conditionId('c'),
  alias: 'c',
  promptEdit: swapped
    ? { id: 'swap', params: { attribute: 'nationality', a: 'American', b: 'Canadian' } }
    : { id: 'none', params: {} },
  traceEdit: { id: 'resample', keep, close },
  readout: 'continued',
});

const wrote = (text: string, finish: SampleResult['finish'] = 'stop'): SampleResult => ({
  condition: conditionId('c'),
  sample: 0,
  outcome: { kind: 'option', option: 'approve' },
  text,
  tokens: 1,
  finish,
  wentOn: true,
  probabilities: null,
  minMargin: null,
});

const closeTag = '</think>';
const steps = (value: number): Keep => ({ unit: 'steps', value });

test('a regenerated step is compared with the one that stood there; the last cut has none', () => {
  const likeness = (kept: number, text: string) =>
    sampleFacts(wrote(text), example, { condition: condition(steps(kept), 'open'), closeTag }).stepLikeness;
  assert.equal(likeness(0, '\nThe income is HIGH! So yes.'), 1);
  assert.equal(likeness(1, ' Nothing speaks against it.'), 0);
  assert.equal(likeness(2, ' And more.'), null);
  assert.equal(likeness(0, '  '), null);
  assert.equal(likeness(1, '\n</think>\napprove'), null, 'it closed at once');
  assert.equal(likeness(1, ' The costs are low</think> approve'), 1, 'its tag and its answer are no words of the step');
  const closed = { condition: condition(steps(1), 'closed'), closeTag };
  assert.equal(sampleFacts(wrote('x'), example, closed).stepLikeness, undefined);
});

test('a text under an edited prompt names a value of the edit, as a whole word, or does not', () => {
  const half: Keep = { unit: 'fraction', value: 0.5 };
  const names = (text: string, swapped = true) =>
    sampleFacts(wrote(text), example, { condition: condition(half, 'open', swapped), closeTag });
  assert.deepEqual(names('The Canadian applicant'), { namesEdit: true });
  assert.deepEqual(names('The Canadians are many'), { namesEdit: false });
  assert.deepEqual(names('Canadian', false), {});
  const forced = { condition: condition(half, 'closed', true), closeTag };
  assert.deepEqual(sampleFacts(wrote('approve', 'forced'), example, forced), {});
});

test('the likeness of sentences is the cosine of their word counts', () => {
  assert.ok(Math.abs(wordLikeness('a a b', 'a b b') - 4 / 5) < 1e-12);
  assert.equal(wordLikeness('', '…'), 1);
  assert.equal(wordLikeness('a', ''), 0);
});

test('a producer’s ids are found where tools keep them, and compared in one piece', () => {
  assert.deepEqual(producerIds({ choices: [{ token_ids: [1, 2] }] }), [1, 2]);
  assert.deepEqual(producerIds({ meta_info: { output_ids: [3] } }), [3]);
  for (const other of [null, 'x', {}, { token_ids: [] }, { token_ids: [1.5] }, { token_ids: 'a' }]) {
    assert.equal(producerIds(other), undefined);
  }
  assert.ok(holdsRun([9, 1, 2, 3], [1, 2]) && !holdsRun([1, 9, 2], [1, 2]) && !holdsRun([1], [1, 2]));
});
