import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatTemplate } from '../../../engine/text/chatTemplate';
import { guessReasoningTags, joinTurn } from '../../../engine/text/reasoningTags';

function tagsOf(template: string, tokens: readonly string[] = []): readonly [string, string] {
  const render = chatTemplate(template, {});
  const question = { role: 'user', content: 'Q' };
  const { open, close } = guessReasoningTags({
    template,
    hasToken: (token) => tokens.includes(token),
    prompt: render([question], true),
    turnWith: (reasoning, content) =>
      render([question, { role: 'assistant', content, reasoning_content: reasoning }], false),
  });
  return [open, close];
}

const plain = '{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}';

test('a template that frames the reasoning shows its white space', () => {
  const turn =
    "{% for m in messages %}{% if m.reasoning_content %}{{ '<think>\\n' + m.reasoning_content + '\\n</think>\\n\\n' + m.content }}{% endif %}{% endfor %}";
  assert.deepEqual(tagsOf(turn), ['<think>\n', '\n</think>\n\n']);
  const tight =
    "{% for m in messages %}{% if m.reasoning_content %}{{ '[THINK]' + m.reasoning_content + '[/THINK]' + m.content }}{% endif %}{% endfor %}";
  assert.deepEqual(tagsOf(tight), ['[THINK]', '[/THINK]']);
});

test('a generation prompt that opens the reasoning shows the white space after the tag', () => {
  assert.deepEqual(tagsOf(`${plain}{% if add_generation_prompt %}<think>{% endif %}`), ['<think>', '\n</think>\n\n']);
  assert.deepEqual(tagsOf(`${plain}{% if add_generation_prompt %}{{ '<think>\\n' }}{% endif %}`), [
    '<think>\n',
    '\n</think>\n\n',
  ]);
});

test('an empty block that switches reasoning off, and a tag that is searched for, show nothing', () => {
  const off = "{% if enable_thinking is defined %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}";
  assert.deepEqual(tagsOf(plain + off), ['<think>\n', '\n</think>\n\n']);
  const search = "{% for m in messages %}{{ m.content.split('</think>')[-1] }}{% endfor %}";
  assert.deepEqual(tagsOf(search), ['<think>\n', '\n</think>\n\n']);
});

test('without a word in the template the vocabulary decides, and then the most common tags', () => {
  assert.deepEqual(tagsOf(plain, ['<reasoning>', '</reasoning>']), ['<reasoning>\n', '\n</reasoning>\n\n']);
  assert.deepEqual(tagsOf(plain, ['<reasoning>']), ['<think>\n', '\n</think>\n\n']);
  assert.deepEqual(tagsOf(plain, ['◁think▷', '◁/think▷']), ['◁think▷\n', '\n◁/think▷\n\n']);
});

test('the opening tag is written once when both the prompt and the turn have it', () => {
  const open = '<think>\n';
  assert.deepEqual(joinTurn('A:<think>\n', '<think>\nSo', open), { prompt: 'A:', turn: '<think>\nSo' });
  assert.deepEqual(joinTurn('A:<think>', '\n<think>So', open), { prompt: 'A:', turn: '\n<think>So' });
});

test('prompt and turn stay as they are when only one of them has the tag', () => {
  assert.deepEqual(joinTurn('A:<think>\n', 'So</think>', '<think>'), { prompt: 'A:<think>\n', turn: 'So</think>' });
  assert.deepEqual(joinTurn('A:\n', '<think>So', '<think>'), { prompt: 'A:\n', turn: '<think>So' });
  assert.deepEqual(joinTurn('A:<think>', '<reasoning>So', '<reasoning>'), {
    prompt: 'A:<think>',
    turn: '<reasoning>So',
  });
});
