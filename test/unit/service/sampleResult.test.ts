import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { conditionId } from '../../../engine/domain/ids';
import type { LeafEvent } from '../../../engine/domain/job';
import type { ExamplePlan, PlanSetup } from '../../../engine/service/plan';
import { resultOf } from '../../../engine/service/sampleResult';

const id = conditionId('c');

/** A condition whose edit moved every option of three by one letter: behind A stands what was B. */
const answerNames = new Map([
  ['A', 'B'],
  ['B', 'C'],
  ['C', 'A'],
]);
const plan = {
  cuttings: new Map([
    [
      id,
      {
        condition: { id, traceEdit: { close: 'closed' } },
        turn: { frame: { close: '</think>' } },
        edit: { answerNames },
      },
    ],
  ]),
} as unknown as ExamplePlan;

const setupOf = (options: readonly string[]): PlanSetup =>
  ({ options, reader: { id: 'whole', read: (text: string) => ({ option: text }) } }) as unknown as PlanSetup;

function scored(options: readonly string[], logProbs: readonly number[]) {
  return resultOf({ type: 'scored', leaf: id, logProbs, minMargin: 1 }, plan, setupOf(options));
}

const written = (text: string): LeafEvent => ({
  type: 'continued',
  leaf: id,
  sample: 0,
  ids: [1],
  text,
  finish: 'stop',
  minMargin: null,
});

describe('an answer after the options were renamed', () => {
  for (const options of [
    ['A', 'B', 'C'],
    ['(A)', '(B)', '(C)'],
    ['a', 'b', 'c'],
    ['A.', 'B.', 'C.'],
  ]) {
    it(`means what stands behind its letter, where records write ${options[0]}`, () => {
      const [first, second] = options;
      const result = scored(options, [Math.log(0.7), Math.log(0.2), Math.log(0.1)]);
      assert.deepEqual(result?.outcome, { kind: 'option', option: second });
      assert.deepEqual(
        result?.probabilities?.map((one) => Number(one.toFixed(6))),
        [0.1, 0.7, 0.2],
        'C means A, A means B, B means C',
      );
      const continued = resultOf(written(first ?? ''), plan, setupOf(options));
      assert.deepEqual(continued?.outcome, { kind: 'option', option: second });
    });
  }

  it('means itself where it is no letter', () => {
    const result = scored(['trout', 'oak'], [0, -5]);
    assert.deepEqual(result?.outcome, { kind: 'option', option: 'trout' });
    assert.equal(result?.probabilities?.[0], 1);
  });
});

it('no option is the best of options that are all impossible', () => {
  const result = scored(['A', 'B', 'C'], Array<number>(3).fill(Number.NEGATIVE_INFINITY));
  assert.equal(result?.outcome.kind, 'unreadable');
  assert.equal(result?.probabilities, null);
});
