import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shuffleOptions } from '../../../engine/interventions/shuffleOptions';
import { rotate, swap, swapSeveral } from '../../../engine/interventions/swap';

const user = (content: string) => [{ role: 'user', content }];
const nations = { attribute: 'nationality', values: 'American:Canadian:Mexican' };

describe('a swap of three values', () => {
  it('takes each to each other, in as many rounds as there are others', () => {
    const turned = (text: string, by: number): string =>
      rotate.apply(user(text), { ...nations, by }).messages[0]!.content;
    assert.deepEqual(
      [1, 2].map((by) => turned('An American', by)),
      ['A Canadian', 'A Mexican'],
    );
    assert.deepEqual(
      [1, 2].map((by) => turned('a Mexican', by)),
      ['an American', 'a Canadian'],
    );
    assert.equal(rotate.apply(user('a Mexican'), { ...nations, by: 1 }).level, 'Mexican');
  });

  it('refuses values that are named twice, and more rounds than there are values', () => {
    assert.throws(() => rotate.apply(user(''), { ...nations, values: 'A:B:a', by: 1 }), /names a value twice/);
    assert.throws(() => rotate.apply(user(''), { ...nations, by: 3 }), /1 to 2 places further, not 3/);
  });
});

describe('several swaps at once', () => {
  const params = { swaps: 'nationality=American:Canadian; gender=male:female; pronoun=he:she' };

  it('change all attributes, each in all its spellings', () => {
    const { messages } = swapSeveral.apply(user('An AMERICAN male; he is canadian, She is female.'), params);
    assert.equal(messages[0]!.content, 'A CANADIAN female; she is american, He is male.');
  });

  it('have no level: nobody can say toward what they are signed', () => {
    assert.equal(swapSeveral.apply(user('An American male'), params).level, undefined);
    assert.throws(() => swapSeveral.apply(user(''), { swaps: 'n=A:B:C' }), /two values each/);
  });
});

describe('a swap', () => {
  const params = { attribute: 'nationality', a: 'American', b: 'Canadian' };

  it('says which value the prompt names, if it names one', () => {
    const level = (text: string): string | undefined => swap.apply(user(text), params).level;
    assert.deepEqual(['an American', 'a CANADIAN', 'American or Canadian', 'nobody'].map(level), [
      'American',
      'Canadian',
      undefined,
      undefined,
    ]);
  });

  it('changes the trace too where that is asked for', () => {
    const changes = (more: object) => swap.inTrace?.('As a Canadian, she pays.', { ...params, ...more }) ?? [];
    assert.deepEqual(changes({}), []);
    assert.deepEqual(changes({ trace: 'too' }), [{ range: { start: 3, end: 13 }, is: 'an American' }]);
    assert.equal(swap.alias({ ...params, trace: 'too' }), 'swap:nationality:trace');
  });
});

describe('shuffled options', () => {
  const question = 'Which is a fish?\n\nA) Dog\nB) Trout\nC) Oak 🌳\n\nAnswer with a letter.';

  it('are looked for in white space of any length', { timeout: 10_000 }, () => {
    const blanks = ' '.repeat(200_000);
    for (const text of [`Which?${blanks}y`, `Which?${'\r'.repeat(200_000)}y`, `Which?${blanks}(A) b${blanks}`]) {
      const startedMs = performance.now();
      assert.deepEqual(shuffleOptions.apply(user(text), {}).replacements, []);
      assert.ok(performance.now() - startedMs < 5000);
    }
  });

  it('stand behind other letters, all of them, and the answer is mapped back', () => {
    const { messages, answerNames } = shuffleOptions.apply(user(question), { seed: 1 });
    const lines = messages[0]!.content.split('\n').filter((line) => /^[A-C]\)/.test(line));
    assert.equal(lines.length, 3);
    for (const line of lines) {
      const [letter = '', text = ''] = line.split(') ');
      assert.doesNotMatch(question, new RegExp(`^${letter}\\) ${text}$`, 'm'));
      assert.match(question, new RegExp(`^${answerNames?.get(letter)}\\) ${text}$`, 'm'));
    }
    assert.match(messages[0]!.content, /^Which is a fish\?[\s\S]*Answer with a letter\.$/u);
  });

  it('are found in other notations, and the last list counts', () => {
    const both = 'Example: (A) one (B) two\nNow: (A) red (B) blue';
    assert.equal(
      shuffleOptions.apply(user(both), {}).messages[0]!.content,
      'Example: (A) one (B) two\nNow: (A) blue (B) red',
    );
    assert.equal(shuffleOptions.apply(user('A. x\nB. y'), {}).messages[0]!.content, 'A. y\nB. x');
    assert.equal(
      shuffleOptions.apply(user('Which is a drink?\na chair (A)\n  tea (B) \nAnswer.'), {}).messages[0]!.content,
      'Which is a drink?\ntea (A)\n  a chair (B) \nAnswer.',
    );
  });

  it('touch nothing where there are none', () => {
    for (const text of ['', 'A) only one', 'B) no A\nC) at all', 'Plan A is good.', 'It is (A), (B) or\n(C)']) {
      assert.deepEqual(shuffleOptions.apply(user(text), {}).replacements, [], text);
    }
  });
});
