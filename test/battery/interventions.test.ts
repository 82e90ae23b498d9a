// Every entry of the tables of interventions: whatever is added there meets these texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Keep } from '../../engine/domain/condition';
import type { ParamValues } from '../../engine/domain/params';
import { bodyEnd, changedText } from '../../engine/domain/trace';
import { promptEdits, traceEdits } from '../../engine/interventions';
import type { TraceContext } from '../../engine/interventions/intervention';

const traces: Readonly<Record<string, string>> = {
  empty: '',
  'white space': ' \n\n',
  'one token': 'Yes',
  lines: '\nThe income is low.\nThe debt is high. So reject.\n',
  CJK: '収入は低い。借金は多い。だから却下する。',
  emoji: '👍🏽 fine 👨‍👩‍👧 😀😀',
  combining: 'é́ नमस्ते',
  'right to left': 'הבקשה אושרה.\nالطلب مقبول',
  'carriage returns': 'One.\r\nTwo.\r\n',
  'lone surrogate': 'a\ud83d b\ude00',
};

/** Grids as tokenizers make them: a token a byte (most end inside a character), a token a character, two characters a token. */
const grids: Readonly<Record<string, (text: string) => readonly (number | null)[]>> = {
  bytes: (text) => characterEnds(text).flatMap(({ end, bytes }) => [...new Array<null>(bytes - 1).fill(null), end]),
  characters: (text) => characterEnds(text).map(({ end }) => end),
  pairs: (text) => characterEnds(text).flatMap(({ end }, i, all) => (i % 2 === 1 || i === all.length - 1 ? [end] : [])),
};

function characterEnds(text: string): readonly { end: number; bytes: number }[] {
  let end = 0;
  return [...text].map((character) => {
    end += character.length;
    return { end, bytes: Buffer.byteLength(character) };
  });
}

const splitsPair = (text: string, offset: number): boolean =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(offset - 1));

const keeps: readonly Keep[] = [0, 0.1, 0.37, 0.5, 0.9, 1].map((value) => ({ unit: 'fraction', value }));

/** Parameters under which edits change the texts below: values by name, for entries to come too. */
const values: ParamValues = {
  attribute: 'nationality',
  a: 'American',
  b: 'Canadian',
  find: 'American',
  with: 'Canadian',
  as: 'text',
  trace: 'no',
  values: 'American:Canadian:Mexican',
  by: 1,
  swaps: 'nationality=American:Canadian; gender=male:female',
  seed: 1,
  step: 1,
  through: 1,
  change: 'e=>o',
  text: 'Something else.',
  answer: 'other',
};
for (const { descriptor, apply } of traceEdits) {
  test(`trace edit ${descriptor.id}: says what it asks`, () => {
    assert.match(descriptor.id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(descriptor.title.length > 2);
    assert.match(descriptor.question, /\?/);
    assert.ok(descriptor.keep.value >= 0);
    for (const { name, title } of descriptor.params) {
      assert.ok(title.length > 2);
      assert.ok(name in values, `give the battery a value for the parameter "${name}"`);
    }
  });

  for (const [name, reasoning] of Object.entries(traces)) {
    test(`trace edit ${descriptor.id}: cuts a trace of ${name} at a character, inside its body`, () => {
      const asked = descriptor.id === 'keep' ? [...keeps, ...otherKeeps(reasoning)] : [descriptor.keep];
      for (const grid of Object.values(grids)) {
        const tokenEnds = grid(reasoning);
        for (const keep of asked) {
          const spec = { id: descriptor.id, keep, close: descriptor.close };
          const { k, n, offset, removedClosing } = apply({ reasoning, tokenEnds }, spec);
          const what = `${JSON.stringify(keep)} gave k ${k} of ${n}, offset ${offset}`;
          assert.ok(Number.isInteger(k) && Number.isInteger(offset), what);
          assert.equal(n, tokenEnds.length);
          assert.ok(k >= 0 && k <= n && offset >= 0 && offset <= bodyEnd(reasoning), what);
          assert.ok(!splitsPair(reasoning, offset), what);
          if (keep.unit === 'fraction' && k > 0) assert.notEqual(tokenEnds[k - 1], null, what);
          assert.equal(removedClosing.trim(), '');
        }
      }
    });
  }
}

/** What edits may look at: every token is a character, and whatever is asked for is there. */
const context: TraceContext = {
  options: ['approve', 'reject'],
  recorded: 'approve',
  seed: '1/example',
  tokenCount: (text) => [...text].length,
  material: () => ({ text: '\nAnother trace. It says approve.\n', origin: 'elsewhere' }),
};

for (const { descriptor, rewrite, apply } of traceEdits) {
  if (!rewrite) continue;
  const rewritten = (reasoning: string, grid: (text: string) => readonly (number | null)[]) => {
    const own = { reasoning, tokenEnds: grid(reasoning) };
    const asked = { ...values, step: descriptor.params.find(({ name }) => name === 'step')?.default ?? 1 };
    return rewrite(own, asked, context);
  };

  for (const [name, reasoning] of Object.entries(traces)) {
    test(`trace edit ${descriptor.id}: rewrites a trace of ${name} inside its body and between characters, or says why not`, () => {
      for (const grid of Object.values(grids)) {
        const result = rewritten(reasoning, grid);
        if (!('changes' in result)) {
          assert.match('impossible' in result ? result.impossible : result.unreadable, /\w+ \w+/);
          continue;
        }
        let from = 0;
        for (const { range } of result.changes) {
          assert.ok(
            range.start >= from && range.end >= range.start && range.end <= bodyEnd(reasoning),
            JSON.stringify(range),
          );
          assert.ok(!splitsPair(reasoning, range.start) && !splitsPair(reasoning, range.end), JSON.stringify(range));
          from = range.end;
        }
        const is = changedText(reasoning, result.changes);
        assert.equal(
          is.slice(is.length - (reasoning.length - bodyEnd(reasoning))),
          reasoning.slice(bodyEnd(reasoning)),
        );
        const { id, keep, close } = descriptor;
        const { k, n, offset } = apply(
          { reasoning: is, tokenEnds: grid(is) },
          { id, keep: result.keep ?? keep, close },
        );
        assert.ok(k >= 0 && k <= n && offset >= 0 && offset <= is.length, `k ${k} of ${n}, offset ${offset}`);
        assert.doesNotMatch(result.note ?? 'note', /NaN|undefined|null/);
      }
    });
  }

  test(`trace edit ${descriptor.id}: does the same whenever it is asked, and says what it did`, () => {
    const text = '\nThe income is low. I would approve this loan. Overall, I approve.\n';
    const first = rewritten(text, grids.characters!);
    assert.deepEqual(rewritten(text, grids.characters!), first);
    assert.ok('changes' in first && first.note !== undefined, JSON.stringify(first));
    assert.ok(first.changes.length > 0 || first.keep !== undefined);
  });
}

function otherKeeps(reasoning: string): readonly Keep[] {
  const offsets = Array.from({ length: reasoning.length + 2 }, (_, value): Keep => ({ unit: 'offset', value }));
  return [...offsets, ...[0, 1, 2, 99].map((value): Keep => ({ unit: 'steps', value }))];
}

test('ids of interventions are unique', () => {
  const ids = [...traceEdits, ...promptEdits].map((edit) => edit.descriptor.id);
  assert.equal(new Set(ids).size, ids.length);
});

const prompts = [
  '',
  'American',
  'an American, 👍🏽',
  '収入は低い',
  '\ud83d American',
  'American\r\nAmerican',
  'no such word',
  'Which one of these is it?\nA) this\nB) that\nC) neither 👍🏽\n',
];

for (const edit of promptEdits) {
  const { id, params, question, title } = edit.descriptor;
  test(`prompt edit ${id}: says what it asks and what it needs`, () => {
    assert.match(id, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(title.length > 2);
    assert.match(question, /\?/);
    for (const param of params) {
      assert.ok(param.title.length > 2);
      assert.ok(param.name in values, `give the battery a value for the parameter "${param.name}"`);
    }
    assert.match(edit.alias(values), new RegExp(`^${id}`));
    const spaced = { ...values, attribute: 'country of birth', find: 'a, b/c + d' };
    assert.doesNotMatch(edit.alias(spaced), /[,+/\s]/);
  });

  test(`prompt edit ${id}: its replacements account for every change`, () => {
    const messages = prompts.map((content) => ({ role: 'user', content }));
    const result = edit.apply(messages, values, { material: () => ({ text: 'In other words.', origin: 'a helper' }) });
    assert.equal(result.messages.length, messages.length);
    assert.equal(result.replacements.length > 0, id !== 'none');
    for (const [index, { content }] of messages.entries()) {
      let from = 0;
      let rebuilt = '';
      for (const { range, was, is } of result.replacements.filter((one) => one.message === index)) {
        assert.equal(content.slice(range.start, range.end), was);
        rebuilt += content.slice(from, range.start) + is;
        from = range.end;
      }
      assert.equal(result.messages[index]!.content, rebuilt + content.slice(from));
    }
    const { messages: none, replacements, impossible } = edit.apply([], values);
    assert.deepEqual([none, replacements], [[], []]);
    assert.equal(impossible !== undefined, edit.needs !== undefined);
  });
}
