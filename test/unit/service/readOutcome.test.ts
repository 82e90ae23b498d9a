import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answerReader } from '../../../engine/answers';
import { matchOption } from '../../../engine/service/foldAnswer';
import { readContinuation } from '../../../engine/service/readOutcome';

const reader = answerReader('tag');
const options = ['approve', 'reject'];
const from = { finish: 'stop', close: 'open', closeTag: '</reasoning>' } as const;
const answer = '\n\n<recommendation>\nReject\n</recommendation>';

describe('an open edit', () => {
  it('reads the answer after the closing tag, and knows whether the model went on', () => {
    const went = readContinuation({ ...from, text: ` Looking again.\n</reasoning>${answer}` }, reader, options);
    assert.deepEqual(went, { outcome: { kind: 'option', option: 'reject' }, wentOn: true });
    const closed = readContinuation({ ...from, text: `\n</reasoning>${answer}` }, reader, options);
    assert.equal(closed.wentOn, false);
  });

  it('is unreadable, with the reason, when the reasoning is never closed', () => {
    const cut = readContinuation({ ...from, text: 'and so on', finish: 'length' }, reader, options);
    assert.deepEqual(cut.outcome, {
      kind: 'unreadable',
      reason: 'the reasoning was cut off at the token limit before </reasoning>',
    });
    assert.equal(cut.wentOn, true);
    const quoted = readContinuation({ ...from, text: ` It says${answer}` }, reader, options);
    assert.equal(quoted.outcome.kind, 'unreadable');
  });
});

describe('a closed edit', () => {
  it('reads the whole continuation as the answer', () => {
    const read = readContinuation({ ...from, close: 'closed', text: answer }, reader, options);
    assert.deepEqual(read, { outcome: { kind: 'option', option: 'reject' }, wentOn: false });
  });

  it('is unreadable when the words are none of the options', () => {
    const text = answer.replace('Reject', 'maybe');
    const read = readContinuation({ ...from, close: 'closed', text }, reader, options);
    assert.deepEqual(read.outcome, { kind: 'unreadable', reason: 'answered "maybe", which is none of the options' });
  });
});

it('options match without regard to case and white space', () => {
  assert.equal(matchOption(' APPROVE\n', options), 'approve');
  assert.equal(matchOption('approved', options), null);
});
