import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findConclusion, verdictWords } from '../../../engine/interventions/verdict';
import { formPairs, inCaseOf } from '../../../engine/interventions/wordForms';

const loans = ['approve', 'reject'];

function words(text: string, option: string, options: readonly string[] = loans): readonly string[] {
  return verdictWords(text, option, options).map(({ range }) => text.slice(range.start, range.end));
}

describe('the words of a verdict', () => {
  it('are the option in every form, and whatever else grants or refuses where the options do', () => {
    const text =
      'I would approve it. Approved! Approval follows; the loan is granted, it gets a yes. I disapprove of this.';
    assert.deepEqual(words(text, 'approve'), ['approve', 'Approved', 'Approval', 'granted', 'yes']);
    assert.deepEqual(words('The points speak for declining. A refusal, then: denied.', 'reject'), [
      'declining',
      'refusal',
      'denied',
    ]);
  });

  it('are plain forms of plain words, and phrases as they are written', () => {
    assert.deepEqual(words('We hire her. Hiring is right, so hired.', 'hire', ['hire', 'pass']), [
      'hire',
      'Hiring',
      'hired',
    ]);
    assert.deepEqual(words('It is New York, not new york.', 'New York', ['New York', 'Boston']), [
      'New York',
      'new york',
    ]);
  });

  it('are a letter, a number, yes or no only where they answer', () => {
    const letters = ['A', 'B', 'C'];
    assert.deepEqual(words('A proof. So the answer is (A). I choose A because option B fails.', 'A', letters), [
      'A',
      'A',
    ]);
    assert.deepEqual(words('The answer is 42. There are 42 cars.', '42', ['42', '7']), ['42']);
    const yesNo = ['yes', 'no'];
    assert.deepEqual(
      words('There is no reason, so no doubt stays. Therefore, no. My answer has to be a no.', 'no', yesNo),
      ['no', 'no'],
    );
  });

  it('of two readings that overlap are the longer', () => {
    assert.deepEqual(words('not guilty', 'not guilty', ['guilty', 'not guilty']), ['not guilty']);
  });
});

describe('the forms of two options', () => {
  it('stand beside each other, one to one', () => {
    const to = (word: string): string | undefined =>
      formPairs('approve', 'reject').find(({ from }) => from === word)?.to;
    assert.deepEqual(['approved', 'approval', 'lending', 'yes'].map(to), ['rejected', 'rejection', 'declining', 'no']);
    assert.deepEqual(formPairs('yes', 'no'), [{ from: 'yes', to: 'no' }]);
    assert.equal(formPairs('deny', 'allow').find(({ from }) => from === 'denied')?.to, 'allowed');
    assert.equal(formPairs('carry', 'push').find(({ from }) => from === 'carries')?.to, 'pushes');
  });

  it('take the case of what they replace', () => {
    assert.deepEqual(
      [inCaseOf('Approve', 'reject'), inCaseOf('APPROVE', 'reject'), inCaseOf('approve', 'reject')],
      ['Reject', 'REJECT', 'reject'],
    );
  });
});

describe('the conclusion', () => {
  const step = (text: string, option: string, options: readonly string[] = loans): number | null =>
    findConclusion(text, option, options)?.step ?? null;

  it('is the first step that states the answer with a concluding word', () => {
    const text =
      'For now I would approve. Income is fine. Overall, I approve. So I stay with approval. Nothing to add.';
    assert.equal(step(text, 'approve'), 3);
    assert.equal(step('Let me see. Thus the answer is B. Wait, check. The answer is B.', 'B', ['A', 'B']), 2);
  });

  it('is else the last step that states it without leaning', () => {
    assert.equal(step('I would approve it. Income is fine. I would approve it, really. Bye.', 'approve'), 3);
    assert.equal(step('My first impression is to approve. Income is fine.', 'approve'), null);
  });

  it('is none where the trace states none, and in an empty trace', () => {
    assert.equal(step('Income is fine.', 'approve'), null);
    assert.equal(step('', 'approve'), null);
    assert.equal(step('Overall, I reject it.', 'approve'), null);
  });
});
