import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Message } from '../../../engine/domain/example';
import { loadModelText } from '../../../engine/text/loadModelText';

const models = path.resolve('test/fixtures/models');
const folders = readdirSync(models).filter((name) => name.startsWith('tiny-'));
const messages: readonly Message[] = [{ role: 'user', content: 'Hello' }];

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counterthought-text-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy of a tiny model's text side, changed. */
function changed(name: string, files: Readonly<Record<string, unknown>>): string {
  const folder = path.join(scratch, String(readdirSync(scratch).length));
  const isText = (source: string): boolean => !/onnx|reference\.json/.test(path.basename(source));
  cpSync(path.join(models, name), folder, { recursive: true, filter: isText });
  for (const [file, content] of Object.entries(files)) {
    if (content === null) rmSync(path.join(folder, file));
    else writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const json = (name: string, file: string) => JSON.parse(readFileSync(path.join(models, name, file), 'utf8'));

test('there are tiny models to check against', () => assert.ok(folders.length >= 3));

for (const name of folders) {
  test(`${name}: prompts and ids are those of the reference implementation`, async () => {
    const { render, encode } = await loadModelText(path.join(models, name));
    const { prompts } = json(name, 'reference.json');
    assert.ok(prompts.length >= 5);
    for (const prompt of prompts) {
      assert.equal(render(prompt.messages), prompt.text);
      assert.deepEqual(encode(prompt.text).ids, prompt.ids);
    }
  });
}

test('ids that end a turn come from all places that name them', async () => {
  const config = json('tiny-qwen2-gqa', 'tokenizer_config.json');
  const all = changed('tiny-qwen2-gqa', {
    'generation_config.json': { eos_token_id: [434, 435] },
    'config.json': { eos_token_id: 3 },
    'tokenizer_config.json': { ...config, eos_token: { content: '<|User|>' } },
  });
  assert.deepEqual((await loadModelText(all)).endIds, [434, 435, 3, 436]);
  const none = changed('tiny-qwen2-gqa', { 'generation_config.json': null, 'config.json': '{}' });
  assert.deepEqual((await loadModelText(none)).endIds, [434]);
});

test('the template may stand in any of its three places, alone or among named ones', async () => {
  const { chat_template: _, ...config } = json('tiny-qwen2-gqa', 'tokenizer_config.json');
  const named = [
    { name: 'tool_use', template: 'no' },
    { name: 'default', template: 'yes {{ messages[0].content }}' },
  ];
  const places = [
    { 'tokenizer_config.json': { ...config, chat_template: named } },
    { 'tokenizer_config.json': config, 'chat_template.json': { chat_template: named[1]!.template } },
    { 'tokenizer_config.json': { ...config, chat_template: 'no' }, 'chat_template.jinja': named[1]!.template },
  ];
  for (const files of places) {
    assert.equal((await loadModelText(changed('tiny-qwen2-gqa', files))).render(messages), 'yes Hello');
  }
});

test('a BOS is put in front only when the tokenizer asks for it and the template did not write it', async () => {
  const config = json('tiny-llama-plain', 'tokenizer_config.json');
  const { add_bos_token: _, ...unsaid } = config;
  const rendered = async (template: string, tokenizerConfig: unknown) =>
    (
      await loadModelText(
        changed('tiny-llama-plain', { 'chat_template.jinja': template, 'tokenizer_config.json': tokenizerConfig }),
      )
    ).render(messages);
  assert.equal(await rendered('x', config), '<s>x');
  assert.equal(await rendered('{{ bos_token }}x', config), '<s>x');
  assert.equal(await rendered('x', unsaid), '<s>x');
  assert.equal(await rendered('x', { ...config, add_bos_token: false }), 'x');
});

test('a model without a template loads, and says what is missing when a prompt is asked for', async () => {
  const text = await loadModelText(changed('tiny-llama-plain', { 'chat_template.jinja': null }));
  assert.throws(() => text.render(messages), /has no chat template: put it into/);
});

test('what a template refuses is told in its own words', async () => {
  const refusing = "{{ raise_exception('roles must alternate') }}";
  const text = await loadModelText(changed('tiny-llama-plain', { 'chat_template.jinja': refusing }));
  assert.throws(() => text.render(messages), /refuses these messages: .*roles must alternate/);
  await assert.rejects(
    loadModelText(changed('tiny-llama-plain', { 'chat_template.jinja': '{% if %}' })),
    /does not parse/,
  );
});

test('files that are missing or broken are named', async () => {
  await assert.rejects(
    loadModelText(path.join(scratch, 'nowhere')),
    /nowhere has no tokenizer\.json; a model folder holds/,
  );
  const cases: Readonly<Record<string, RegExp>> = {
    'tokenizer.json': /tokenizer\.json is not JSON \(.+\); copy it again/,
    'tokenizer_config.json': /tokenizer_config\.json is not JSON/,
    'generation_config.json': /generation_config\.json is not JSON/,
  };
  for (const [file, message] of Object.entries(cases)) {
    await assert.rejects(loadModelText(changed('tiny-qwen2-gqa', { [file]: '{"version": ' })), message);
  }
  await assert.rejects(loadModelText(changed('tiny-qwen2-gqa', { 'tokenizer.json': '[]' })), /is not a JSON object/);
  await assert.rejects(
    loadModelText(changed('tiny-qwen2-gqa', { 'tokenizer.json': {} })),
    /tokenizer\.json: .*has no "model"/,
  );
});

test('hashes tell tokenizers and templates apart', async () => {
  const [first, same, other] = await Promise.all([
    loadModelText(path.join(models, 'tiny-llama-plain')),
    loadModelText(changed('tiny-llama-plain', {})),
    loadModelText(changed('tiny-llama-plain', { 'chat_template.jinja': 'x' })),
  ]);
  assert.deepEqual([same.tokenizerSha256, same.templateSha256], [first.tokenizerSha256, first.templateSha256]);
  assert.equal(other.tokenizerSha256, first.tokenizerSha256);
  assert.notEqual(other.templateSha256, first.templateSha256);
});
