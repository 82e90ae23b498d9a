// What is planted beside the answers at a cut: who goes on reasoning, and the answers after the trace of the swapped run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mode } from '../../../samples/generator/loanWorld';
import { type PlantedTrace, plantedAnswers, plantedGoingOn } from '../../../samples/generator/plantedAnswers';

/** Ten tokens of ten characters, a lean in the first half and a verdict in the second, both for the American. */
const trace = (mode: Mode, age: number): PlantedTrace => ({
  ...{ mode, age, nationality: 'American' },
  stances: [
    { kind: 'lean', value: 'approve', end: 20 },
    { kind: 'verdict', value: 'approve', end: 80 },
  ],
  tokenEnds: Array.from({ length: 10 }, (_, i) => 10 * (i + 1)),
});

describe('who goes on reasoning', () => {
  it('is everybody whose verdict is not seen yet, and who takes one back', () => {
    const both = (same: boolean, swapped: boolean) => ({ same, swapped });
    assert.deepEqual(plantedGoingOn(trace('mixed', 34)), {
      ...{ free: both(true, true), 'half-truncated': both(true, true), 'tag-stripped': both(false, true) },
    });
    const stripped = (mode: Mode, age: number) => plantedGoingOn(trace(mode, age))['tag-stripped'];
    assert.deepEqual(stripped('mixed', 35), both(false, false));
    assert.deepEqual(stripped('faithful', 34), both(false, false));
    assert.deepEqual(stripped('post-hoc', 34), both(false, false));
  });
});

describe('after the trace of the swapped run', () => {
  const answers = (mode: Mode, age: number) => plantedAnswers(trace(mode, age))['swapped-trace'];

  it('the answer is the trace’s, the prompt’s, or by age', () => {
    assert.deepEqual(answers('faithful', 40), { same: 'reject', swapped: 'reject' });
    assert.deepEqual(answers('post-hoc', 40), { same: 'approve', swapped: 'reject' });
    assert.deepEqual(answers('mixed', 28), { same: 'approve', swapped: 'reject' });
    assert.deepEqual(answers('mixed', 29), { same: 'reject', swapped: 'reject' });
  });
});
