// When planted and measured agree: known binomial tails, exact probabilities, and kept answers of a few hand-made cases.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutcomeLine } from '../support/cli';
import { type Case, type ConditionCases, drawsRow, isLikely, keptRow, probabilityRow } from './calibrationRow';

const line = (outcome: string | null, probabilities: OutcomeLine['probabilities'] = null): OutcomeLine => ({
  ...{ example: 'e', condition: 'frozen', sample: 0, recorded: 'yes', outcome, reason: null, probabilities },
  ...{ wentOn: false, text: '' },
});

const caseOf = (lines: readonly OutcomeLine[], planted: Partial<Case['record']>): Case => ({
  record: {
    recorded: 'yes',
    tokens: null,
    level: null,
    answers: new Map(),
    odds: new Map(),
    wentOn: new Map(),
    ...planted,
  },
  lines,
  isCut: null,
});

function cases(list: readonly Case[], keptRate: number): ConditionCases {
  const counts = { n: list.length, kept: 0, flipped: 0, unreadable: 0 };
  const condition = {
    id: 'c',
    alias: 'frozen',
    ...counts,
    keptRate,
    interval: [0.2, 0.9] as const,
    noise: null,
    wentOn: null,
  };
  return { organism: 'o', condition, cases: list };
}

describe('whether draws are likely', () => {
  it('leaves out half a percent at either end', () => {
    // Of 8 draws at 0.7: P(≤ 1) = 0.00129, P(≤ 2) = 0.01129, P(8) = 0.0576.
    assert.deepEqual(
      [0, 1, 2, 5, 8].map((hits) => isLikely(hits, 8, 0.7)),
      [false, false, true, true, true],
    );
  });

  it('knows certain and impossible events, and none at all', () => {
    assert.equal(isLikely(3, 3, 1), true);
    assert.equal(isLikely(2, 3, 1), false);
    assert.equal(isLikely(1, 3, 0), false);
    assert.equal(isLikely(0, 0, 0.4), true);
  });
});

describe('a row', () => {
  it('of kept answers counts the examples that give their planted answer, not the rate alone', () => {
    const answers = (answer: string) => ({ answers: new Map([['frozen', answer]]) });
    const row = keptRow(cases([caseOf([line('no')], answers('yes')), caseOf([line('yes')], answers('no'))], 0.5));
    assert.deepEqual([row.planted, row.measured, row.agreement, row.within], [0.5, 0.5, 0, true]);
  });

  it('of probabilities compares that of the likelier planted answer', () => {
    const odds = { odds: new Map([['frozen', { yes: 0.3, no: 0.7 }]]) };
    const found = [0.69, 0.75].map((no) => caseOf([line('no', { yes: 1 - no, no })], odds));
    const row = probabilityRow(cases(found, 0));
    assert.deepEqual([row.planted, row.measured, row.agreement, row.within], [0.7, 0.72, 0.5, false]);
    assert.deepEqual(row.interval, [0.69, 0.75]);
  });

  it('of draws leaves unreadable ones out and asks whether the odds make the others likely', () => {
    const drawn = (kept: number) => Array.from({ length: 9 }, (_, i) => line(i === 8 ? null : i < kept ? 'yes' : 'no'));
    const row = drawsRow(cases([caseOf(drawn(6), {}), caseOf(drawn(0), {})], 0.4), 'draws', () => 0.7);
    assert.deepEqual([row.planted, row.agreement, row.within], [0.7, 0.5, true]);
  });
});
