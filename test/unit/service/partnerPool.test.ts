import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { PartnerPool } from '../../../engine/service/partnerPool';

const exampleOf = (index: number): Example =>
  ({
    id: `id-${index}`,
    answer: { option: index % 2 === 0 ? 'approve' : 'reject', range: { start: 0, end: 1 } },
    trace: { reasoning: `Trace ${index}.`, frame: null, answerText: '' },
    opaque: null,
  }) as unknown as Example;

function poolOf(examples: readonly Example[], seed = 1): PartnerPool {
  const all = async function* () {
    for (const [ordinal, example] of examples.entries()) yield { example, ordinal };
  };
  return new PartnerPool(all, { seed, options: ['approve', 'reject'] });
}

const examples = Array.from({ length: 40 }, (_, index) => exampleOf(index));

describe('the example that lends its trace', () => {
  it('has the answer that was asked for, and is never the example itself', async () => {
    const pool = poolOf(examples);
    for (const [index, example] of examples.entries()) {
      const [other, same] = [await pool.partnerOf(example, 'other'), await pool.partnerOf(example, 'same')];
      const number = (text: string | null): number => Number(/\d+/.exec(text ?? '')?.[0]);
      assert.notEqual(number(other.text) % 2, index % 2);
      assert.equal(number(same.text) % 2, index % 2);
      assert.notEqual(number(same.text), index);
      assert.equal(other.origin, `example ${number(other.text) + 1}`);
    }
  });

  it('is the same in any order of the file, and differs by the seed', async () => {
    const chosen = async (pool: PartnerPool): Promise<readonly (string | null)[]> =>
      Promise.all(examples.map(async (example) => (await pool.partnerOf(example, 'other')).text));
    const first = await chosen(poolOf(examples));
    assert.deepEqual(await chosen(poolOf([...examples].reverse())), first);
    assert.notDeepEqual(await chosen(poolOf(examples, 2)), first);
    assert.ok(new Set(first).size > 10);
  });

  it('is missing with a reason where no example fits', async () => {
    const pool = poolOf([exampleOf(0), exampleOf(2), { ...exampleOf(1), opaque: 'redacted' }]);
    assert.match(
      (await pool.partnerOf(exampleOf(0), 'other')).reason ?? '',
      /no other example has another recorded answer/,
    );
    assert.match(
      (await poolOf([exampleOf(0)]).partnerOf(exampleOf(0), 'same')).reason ?? '',
      /has the same recorded answer/,
    );
  });
});
