// The readable trace as a document, and an edited copy of it read back: offsets hold both ways, and what was not changed comes back exactly,
// whatever the text holds.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Example } from '../../../engine/domain/example';
import { exampleId } from '../../../engine/domain/ids';
import { stepsOf } from '../../../engine/domain/steps';
import { type EditedTrace, readBack } from '../../../extension/trace/readBack';
import { layOut, marginColumns, offsetAt, positionAt, selectedReasoning } from '../../../extension/trace/traceLayout';

function exampleOf(
  reasoning: string,
  messages: Example['messages'] = [{ role: 'user', content: 'Yes or no?' }],
): Example {
  return {
    id: exampleId('a'),
    source: { kind: 'bytes', file: 'f', start: 0, end: 1, line: 1 },
    turn: 0,
    messages,
    trace: { reasoning, frame: null, answerText: 'yes' },
    answer: { option: 'yes', range: { start: 0, end: 3 } },
    model: null,
    sampling: 'unknown',
    opaque: null,
    fields: {},
  };
}

const traces: Readonly<Record<string, string>> = {
  plain: '\nFirst, this. Then that! So it is.\n',
  lines: 'One\nTwo\n\nThree\n',
  windows: 'One.\r\nTwo.\r\n',
  'a lone carriage return': 'half\rhalf. Next.',
  'ideographic text': 'これは一つ。そして二つ！終わり。',
  'right-to-left text': 'זה ראשון. وهذا الثاني. סוף.',
  'terminal codes': '\u001b[31mred\u001b[0m. A bell \u0007. Nul \0 here.',
  'unusual line ends': 'a\u2028b. c\u2029d. e',
  emoji: 'Fine 👩‍👩‍👧. 🇨🇭 flags. End',
  titles: 'x\n─── answer ───\n──── reasoning ────\ny',
  empty: '',
  blank: ' \n ',
  signs: 'the sign ␍ itself. And ␀.',
};

describe('the readable trace', () => {
  for (const [name, reasoning] of Object.entries(traces)) {
    test(`shows each step of ${name} on a line of its own, at exact offsets`, () => {
      const { text, lines } = layOut(exampleOf(reasoning), ['header']);
      const shown = text.split('\n');
      assert.equal(lines.length, stepsOf(reasoning).length);
      for (const { line, shown: range } of lines) {
        assert.equal(shown[line]?.length, marginColumns + range.end - range.start);
        for (let offset = range.start; offset <= range.end; offset += 1) {
          const position = positionAt(lines, offset);
          assert.ok(position);
          assert.equal(offsetAt(lines, position), offset);
          if (offset === range.end || /[\r\0\u2028\u2029]/.test(reasoning[offset] ?? '')) continue;
          assert.equal(shown[position.line]?.[position.character], reasoning[offset]);
        }
      }
      assert.doesNotMatch(text, /[\r\0\u2028\u2029]/);
    });

    test(`reads ${name} back as it was when nothing was changed`, () => {
      const example = exampleOf(reasoning);
      const layout = layOut(example, ['header']);
      const back = readBack(layout.text, example, layout) as EditedTrace;
      assert.equal(back.reasoning, reasoning);
      assert.equal(back.firstChange, null);
      assert.equal(back.messagesChanged, false);
      assert.deepEqual(back.lines, layout.lines);
    });
  }

  test('keeps titles apart from content that looks like them, and hostile roles short', () => {
    const example = exampleOf('y', [{ role: 'sys\ntem ─── x', content: '─── answer ───' }]);
    const { rule, parts, text } = layOut(example, ['a\nb']);
    assert.equal(rule, '────');
    assert.deepEqual(
      parts.map(({ title }) => title),
      ['sys tem x', 'reasoning', 'answer'],
    );
    assert.equal(text.split('\n')[0], 'a b');
  });
});

describe('an edited copy', () => {
  const example = exampleOf('\nFirst, this. Then that!\n\nSo it is.\n');
  const layout = layOut(example, ['header']);
  const edited = (change: (text: string) => string): EditedTrace => {
    const back = readBack(change(layout.text), example, layout);
    assert.ok('reasoning' in back, JSON.stringify(back));
    return back;
  };

  test('a changed word changes that word alone', () => {
    const back = edited((text) => text.replace('Then that!', 'Then those!'));
    assert.equal(back.reasoning, '\nFirst, this. Then those!\n\nSo it is.\n');
    assert.equal(back.firstChange, '\nFirst, this. Then th'.length);
  });

  test('a deleted line takes its white space along', () => {
    assert.equal(edited((text) => text.replace(/ *Then that!\n/, '')).reasoning, '\nFirst, this.\n\nSo it is.\n');
    assert.equal(edited((text) => text.replace(/ *First, this\.\n/, '')).reasoning, '\nThen that!\n\nSo it is.\n');
  });

  test('an added line is set off as lines of this trace are', () => {
    const back = edited((text) => text.replace('First, this.', 'First, this.\nAdded.'));
    assert.equal(back.reasoning, '\nFirst, this. Added. Then that!\n\nSo it is.\n');
  });

  test('joined lines do not bring their margin along', () => {
    assert.equal(
      edited((text) => text.replace('this.\n', 'this.')).reasoning,
      '\nFirst, this. Then that!\n\nSo it is.\n',
    );
  });

  test('a changed prompt is told apart', () => {
    const back = edited((text) => text.replace('Yes or no?', 'No or yes?'));
    assert.deepEqual(back.messages, [{ role: 'user', content: 'No or yes?' }]);
    assert.equal(back.messagesChanged, true);
    assert.equal(back.firstChange, null);
  });

  test('a missing, doubled or changed title is named with its line', () => {
    const missing = readBack(layout.text.replace(/─+ reasoning ─+\n/, ''), example, layout);
    assert.deepEqual('expected' in missing && missing.expected, '─── reasoning ───');
    assert.ok('expected' in readBack(`${layout.text}\n─── answer ───`, example, layout));
    assert.ok('expected' in readBack(layout.text.replace('─── user ───', '─── User ───'), example, layout));
    assert.ok('expected' in readBack('', example, layout));
  });

  test('nothing left of the reasoning is an empty reasoning', () => {
    const back = edited((text) => text.replace(/ {16}.*\n/g, ''));
    assert.equal(back.reasoning.trim(), '');
  });
});

describe('a selection in the readable trace', () => {
  const reasoning = '\nFirst, this. Then that!\n\nSo it is.\n';
  const { lines, parts } = layOut(exampleOf(reasoning), ['header']);
  const words = (start: readonly [number, number], end: readonly [number, number]): string | null => {
    const at = ([line, character]: readonly [number, number]) => ({ line, character });
    const range = selectedReasoning(reasoning, lines, { start: at(start), end: at(end) });
    return range && reasoning.slice(range.start, range.end);
  };
  const [first = 0, , last = 0] = lines.map(({ line }) => line);

  test('is that part of the reasoning, without the margin and white space around it', () => {
    assert.equal(words([first, marginColumns], [first, marginColumns + 6]), 'First,');
    assert.equal(words([first, 0], [first, 999]), 'First, this.');
    assert.equal(words([first, marginColumns + 7], [last, marginColumns + 2]), 'this. Then that!\n\nSo');
  });

  test('ends with the reasoning where it goes beyond', () => {
    const answer = parts.at(-1)?.firstLine ?? 0;
    assert.equal(words([last, 0], [answer, 3]), 'So it is.');
    assert.equal(words([0, 0], [first, 999]), 'First, this.');
  });

  test('is nothing in the margin or elsewhere', () => {
    assert.equal(words([first, 2], [first, 9]), null);
    assert.equal(words([0, 0], [1, 3]), null);
  });
});
