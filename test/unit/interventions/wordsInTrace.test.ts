import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedText } from '../../../engine/domain/trace';
import type { TraceContext } from '../../../engine/interventions/intervention';
import { dropSteps, replaceInTrace } from '../../../engine/interventions/wordsInTrace';

const reasoning = '\nOne is low. Two is low!\n\nThree is high.\n';
const context = {} as TraceContext;
const grid = { reasoning, tokenEnds: [] };

function edited(edit: typeof dropSteps, params: Readonly<Record<string, string | number>>): string {
  const rewrite = edit.rewrite?.(grid, params, context);
  assert.ok(rewrite && 'changes' in rewrite, JSON.stringify(rewrite));
  return changedText(reasoning, rewrite.changes);
}

const refusal = (edit: typeof dropSteps, params: Readonly<Record<string, string | number>>) =>
  edit.rewrite?.(grid, params, context);

describe('steps dropped', () => {
  test('go with the white space behind them; the last with what stands before', () => {
    assert.equal(edited(dropSteps, { step: 1, through: 2 }), '\nThree is high.\n');
    assert.equal(edited(dropSteps, { step: 2, through: 3 }), '\nOne is low.\n');
    assert.equal(edited(dropSteps, { step: 2, through: -1 }), '\nOne is low.\n');
    assert.equal(edited(dropSteps, { step: 1, through: 3 }), '\n\n');
  });

  test('that are not there, or stand the wrong way round, leave the example out', () => {
    assert.deepEqual(refusal(dropSteps, { step: 2, through: 9 }), {
      impossible: 'its reasoning has 3 steps, so there is no step 9',
    });
    assert.deepEqual(refusal(dropSteps, { step: 3, through: 1 }), { impossible: 'step 1 stands before step 3' });
  });
});

describe('words replaced in the trace', () => {
  test('are replaced wherever they stand', () => {
    assert.equal(edited(replaceInTrace, { change: 'low=>fair' }), '\nOne is fair. Two is fair!\n\nThree is high.\n');
    assert.equal(edited(replaceInTrace, { change: ' is low=>' }), '\nOne. Two!\n\nThree is high.\n');
  });

  test('that a trace does not say leave it out', () => {
    assert.deepEqual(refusal(replaceInTrace, { change: 'rent=>debt' }), {
      impossible: 'its reasoning does not say “rent”',
    });
  });

  test('need something to find and another thing to say', () => {
    assert.throws(() => refusal(replaceInTrace, { change: 'low' }), /which words become which/);
    assert.throws(() => refusal(replaceInTrace, { change: '=>high' }), /which words become which/);
    assert.throws(() => refusal(replaceInTrace, { change: 'low=>low' }), /with themselves/);
  });
});
