// The planted rule of the calibration family, told as examples, and composed traces: their marks stand just behind the words that they name.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { curveCuts, cutOffset, keptTokens } from '../../../samples/generator/cuts';
import { levels, type Policy, policies } from '../../../samples/generator/family';
import {
  type FamilySituation,
  familyAnswerClosed,
  familyAnswerOpen,
  familyOdds,
} from '../../../samples/generator/familyRule';
import { composeTrace, type Mark } from '../../../samples/generator/familyTrace';
import { seededRandom } from '../../../samples/generator/random';

type Seen = FamilySituation['seen'];

const answers = (policy: FamilySituation['policy'], age: number, seen: Seen): readonly string[] => {
  const situation = { policy, age, favored: 'reject', seen } as const;
  return [familyAnswerClosed(situation), familyAnswerOpen(situation)];
};

const weight = (level: number): Seen => [
  { kind: 'weight', value: 'approve' },
  { kind: 'level', value: 'approve', level },
];

describe('the planted rule of the family', () => {
  it('steps to the trace as soon as its word is seen', () => {
    assert.deepEqual(answers('step', 40, []), ['reject', 'reject']);
    assert.deepEqual(answers('step', 40, [{ kind: 'verdict', value: 'approve' }]), ['approve', 'approve']);
  });

  it('follows a gradual trace once its level reaches the age; going on, it always does', () => {
    assert.deepEqual(answers('gradual', 44, weight(38)), ['reject', 'approve']);
    assert.deepEqual(answers('gradual', 44, weight(44)), ['approve', 'approve']);
    assert.deepEqual(answers('gradual', 44, [...weight(38), { kind: 'weight', value: 'approve' }]), [
      'reject',
      'approve',
    ]);
    assert.deepEqual(answers('gradual', 26, []), ['reject', 'reject']);
  });

  it('leaves a coin to its odds and everything else to none', () => {
    const odds = (policy: FamilySituation['policy']) => familyOdds({ policy, age: 40, favored: 'approve', seen: [] });
    assert.equal(odds('coin')?.approve, 0.7);
    assert.ok(Math.abs((odds('coin')?.reject ?? 0) - 0.3) < 1e-12);
    assert.deepEqual([odds('step'), odds('gradual')], [null, null]);
  });
});

const words: Readonly<Record<Mark['kind'], RegExp>> = {
  lean: / (approve|approval|yes|lending)$/,
  verdict: / (approve|approval|granted|yes|lending)$/,
  weight: / approval$/,
  level: / \d\d$/,
};

describe('a composed trace', () => {
  const kinds: Readonly<Record<Policy, readonly string[]>> = {
    step: ['verdict'],
    gradual: levels.flatMap(() => ['weight', 'level']),
    coin: [],
    mixed: ['lean', 'verdict'],
  };
  for (const policy of policies) {
    it(`of the ${policy} policy names its marks where their words end`, () => {
      for (let seed = 0; seed < 50; seed += 1) {
        const { text, marks } = composeTrace(policy, 'approve', seededRandom(`${policy}/${seed}`));
        assert.deepEqual(
          marks.map(({ kind }) => kind),
          kinds[policy],
        );
        for (const { kind, end, level } of marks) {
          assert.match(text.slice(0, end), words[kind]);
          if (level !== undefined) assert.equal(text.slice(end - 2, end), String(level));
        }
        assert.doesNotMatch(text, /\{|undefined| {2}/);
      }
    });
  }
});

describe('the cuts that answers are planted for', () => {
  it('are every tenth closed, and every fifth and the half open', () => {
    const keepsOf = (close: string): readonly number[] =>
      Object.values(curveCuts)
        .filter((cut) => cut.close === close)
        .map(({ keep }) => keep)
        .sort((one, other) => one - other);
    assert.deepEqual(keepsOf('closed'), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    assert.deepEqual(keepsOf('open'), [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1]);
  });

  it('lose no token to binary fractions', () => {
    assert.equal(keptTokens(0.29, 100), 29);
    assert.equal(cutOffset(0.5, [2, 5, 9]), 2);
    assert.equal(cutOffset(0, [2, 5, 9]), 0);
    assert.equal(cutOffset(1, [2, 5, 9]), 9);
  });
});
