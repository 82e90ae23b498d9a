// What a person's edit of one trace is kept as: words, a step, missing steps, or a sentence why it is no single condition.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { exampleId } from '../../../engine/domain/ids';
import { changedWords, type EditCondition, editConditions } from '../../../extension/trace/editConditions';
import { type EditedTrace, readBack } from '../../../extension/trace/readBack';
import { layOut } from '../../../extension/trace/traceLayout';

const example: Example = {
  id: exampleId('a'),
  source: { kind: 'bytes', file: 'f', start: 0, end: 1, line: 1 },
  turn: 0,
  messages: [
    { role: 'system', content: 'Decide.' },
    { role: 'user', content: 'An American asks for $5,000.' },
  ],
  trace: { reasoning: '\nThe income is low. The debt is high. So reject it.\n', frame: null, answerText: 'reject' },
  answer: { option: 'reject', range: { start: 0, end: 6 } },
  model: null,
  sampling: 'unknown',
  opaque: null,
  fields: {},
};
const layout = layOut(example, ['header']);

function kept(change: (text: string) => string): readonly EditCondition[] {
  const edited = readBack(change(layout.text), example, layout) as EditedTrace;
  const ways = editConditions(example, edited);
  assert.ok(typeof ways !== 'string', String(ways));
  return ways;
}

function refused(change: (text: string) => string): unknown {
  return editConditions(example, readBack(change(layout.text), example, layout) as EditedTrace);
}

describe('an edit kept as a condition', () => {
  test('words of the prompt are replaced in every prompt', () => {
    const [way, ...others] = kept((text) => text.replace('American', 'Canadian'));
    assert.deepEqual(way?.promptEdit, { id: 'replace', params: { find: 'American', with: 'Canadian' } });
    assert.equal(way?.traceEdit.id, 'frozen');
    assert.deepEqual(others, []);
  });

  test('words of a step: in every trace that says them, or as that step of every trace', () => {
    const [words, step] = kept((text) => text.replace('is low', 'is lower'));
    assert.deepEqual(words?.traceEdit.params, { change: 'low=>lower' });
    assert.deepEqual(step?.traceEdit, {
      id: 'replace-step',
      keep: { unit: 'fraction', value: 1 },
      close: 'closed',
      params: { step: 1, text: 'The income is lower.' },
    });
  });

  test('one step that is gone, and several', () => {
    assert.deepEqual(kept((text) => text.replace(/ *The debt.*\n/, ''))[0]?.traceEdit.params, { step: 2 });
    const both = kept((text) => text.replace(/ *The income.*\n *The debt.*\n/, ''))[0]?.traceEdit;
    assert.deepEqual([both?.id, both?.params], ['drop-steps', { step: 1, through: 2 }]);
  });

  test('a prompt and a trace that were both changed are one condition', () => {
    const [way] = kept((text) => text.replace('American', 'Canadian').replace('is low', 'is fair'));
    assert.equal(way?.promptEdit?.id, 'replace');
    assert.equal(way?.traceEdit.id, 'replace-in-trace');
  });

  test('no change, and changes in several places, are refused with their reason', () => {
    assert.equal(
      refused((text) => text),
      'unchanged',
    );
    assert.equal(
      refused((text) => text.replace('low', 'fair').replace('reject it', 'approve it')),
      'severalSteps',
    );
    assert.equal(
      refused((text) => text.replace('Decide.', 'Choose.').replace('American', 'Canadian')),
      'severalMessages',
    );
  });

  test('words are whole ones, and an insertion has something to be found by', () => {
    assert.deepEqual(changedWords('an American asks', 'an Americana asks'), { was: 'American', is: 'Americana' });
    assert.deepEqual(changedWords('it is low', 'it is very low'), { was: 'low', is: 'very low' });
    assert.deepEqual(changedWords('so. End', 'so. Now. End'), { was: 'End', is: 'Now. End' });
    assert.deepEqual(changedWords('$5,000', '$6,000'), { was: '$5', is: '$6' });
  });
});
