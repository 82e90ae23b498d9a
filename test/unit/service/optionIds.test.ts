import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { needsTerminator, oneTokenFurther, spellLike, splitOptions } from '../../../engine/service/optionIds';

/** One id a character, so that what is shared can be read off. */
const ids = (text: string): readonly number[] => [...text].map((character) => character.codePointAt(0) ?? 0);

describe('options as token sequences', () => {
  it('put what they share into the leaf and score only what tells them apart', () => {
    const scored = splitOptions(['(A)', '(B)'], (option) => ids(`so ${option}`));
    assert.deepEqual(scored.ids, ids('so ('));
    assert.deepEqual(scored.options, [
      { option: '(A)', ids: ids('A)') },
      { option: '(B)', ids: ids('B)') },
    ]);
  });

  it('that begin another option are scored with what ends an answer', () => {
    const scored = splitOptions(['1', '12'], (option, terminated) => ids(`= ${option}${terminated ? '.' : ''}`));
    assert.deepEqual(
      scored.options.map((one) => one.ids),
      [ids('1.'), ids('12.')].map((one) => one.slice(1)),
    );
    assert.ok(needsTerminator([[1], [1, 2]]));
    assert.ok(
      !needsTerminator([
        [1, 3],
        [1, 2],
      ]),
    );
  });

  it('each keep an id to score', () => {
    const scored = splitOptions(['aa', 'ab', 'b'], (option) => ids(option));
    assert.deepEqual(scored.ids, []);
    assert.ok(scored.options.every((one) => one.ids.length > 0));
  });
});

it('an option is ended by the one token that the model would write after it', () => {
  assert.deepEqual(oneTokenFurther([1, 2], [1, 2, 3, 4]), [1, 2, 3]);
  assert.deepEqual(oneTokenFurther([1, 2], [1, 9, 4]), [1, 9], 'a token that spans the end of the option ends it');
});

it('options are spelled as the record spells its own', () => {
  assert.equal(spellLike('Approve', 'approve'), 'approve', 'its own answer in its own words');
  assert.equal(spellLike('reject', 'approve'), 'reject');
  assert.equal(spellLike('Reject', 'approve'), 'reject');
  assert.equal(spellLike('NASA', 'approve'), 'NASA');
  assert.equal(spellLike('reject', 'Approve'), 'Reject');
  assert.equal(spellLike('reject', 'APPROVE'), 'REJECT');
  assert.equal(spellLike('B', 'A'), 'B');
  assert.equal(spellLike('none of them', 'A'), 'none of them');
  assert.equal(spellLike('7', '12'), '7');
});
