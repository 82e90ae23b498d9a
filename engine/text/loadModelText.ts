// Owns reading a model folder's text side: tokenizer.json, tokenizer_config.json, the chat template and the ids that end a turn.
// The only file of this folder that touches the disk; must not know weights.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Message } from '../domain/example';
import { UserError } from '../domain/failure';
import { chatTemplate, type RenderTemplate, type TemplateMessage } from './chatTemplate';
import type { LocalText, ModelText } from './modelText';
import { type OffsetTokenizer, offsetTokenizer } from './offsetTokenizer';
import { guessReasoningTags } from './reasoningTags';

type Json = Readonly<Record<string, unknown>>;

/**
 * @param folder as models are published: tokenizer.json is needed, all else is optional
 * @throws UserError that names the file and says what is wrong with it
 */
export async function loadModelText(folder: string): Promise<LocalText> {
  const tokenizerFile = path.join(folder, 'tokenizer.json');
  const source = await readText(tokenizerFile);
  if (source === null) {
    throw new UserError(
      `${folder} has no tokenizer.json; a model folder holds config.json, tokenizer.json, tokenizer_config.json and model.onnx.`,
    );
  }
  const tokenizerJson = parsed(tokenizerFile, source);
  const tokenizer = named(tokenizerFile, () => offsetTokenizer(tokenizerJson));
  const config = (await readJson(path.join(folder, 'tokenizer_config.json'))) ?? {};
  const template = await readTemplate(folder, config);
  const context = specialTokens(config);
  const renderTemplate = template === null ? null : named(folder, () => chatTemplate(template, context));
  const bos = addsBos(tokenizerJson, config) ? String(context.bos_token ?? '') : '';
  const render = promptRenderer(folder, renderTemplate, bos);
  return {
    tokenizerSha256: sha256(source),
    templateSha256: sha256(template ?? ''),
    vocabSize: tokenizer.vocabSize,
    endIds: await readEndIds(folder, tokenizer, context.eos_token),
    reasoningTags: tagsOf(template, tokenizer, renderTemplate),
    encode: tokenizer.encode,
    encodeAfter: tokenizer.encodeAfter,
    decode: tokenizer.decode,
    stream: tokenizer.stream,
    bytesOf: tokenizer.bytesOf,
    render,
  };
}

function promptRenderer(
  folder: string,
  renderTemplate: RenderTemplate | null,
  bos: string,
): (messages: readonly Message[]) => string {
  return (messages) => {
    if (!renderTemplate) {
      throw new UserError(
        `${folder} has no chat template: put it into tokenizer_config.json ("chat_template") or a file chat_template.jinja.`,
      );
    }
    const rendered = renderTemplate(messages.map(asTemplateMessage), true);
    return bos !== '' && !rendered.startsWith(bos) ? bos + rendered : rendered;
  };
}

const asTemplateMessage = ({ role, content }: Message): TemplateMessage => ({ role, content });

function tagsOf(
  template: string | null,
  tokenizer: OffsetTokenizer,
  renderTemplate: RenderTemplate | null,
): ModelText['reasoningTags'] {
  const question = { role: 'user', content: 'QUESTION' };
  const tried = (messages: readonly TemplateMessage[], addGenerationPrompt: boolean): string | null => {
    try {
      return renderTemplate?.(messages, addGenerationPrompt) ?? null;
    } catch {
      return null; // A template may refuse these probes and still work with a record's messages.
    }
  };
  return guessReasoningTags({
    template: template ?? '',
    hasToken: (token) => tokenizer.idOf(token) !== undefined,
    prompt: tried([question], true),
    turnWith: (reasoning, content) =>
      tried(
        [question, { role: 'assistant', content, reasoning_content: reasoning, reasoning, thinking: reasoning }],
        false,
      ),
  });
}

async function readTemplate(folder: string, config: Json): Promise<string | null> {
  const file = await readText(path.join(folder, 'chat_template.jinja'));
  if (file !== null) return file;
  const separate = await readJson(path.join(folder, 'chat_template.json'));
  return templateIn(config.chat_template) ?? templateIn(separate?.chat_template);
}

/** A template is a string, or a list of named ones, of which `default` is meant for chats. */
function templateIn(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const templates = value as readonly { readonly name?: unknown; readonly template?: unknown }[];
  const chosen = templates.find((one) => one.name === 'default') ?? templates[0];
  return typeof chosen?.template === 'string' ? chosen.template : null;
}

const specialTokenNames = ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token'];

function specialTokens(config: Json): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of specialTokenNames) {
    const value = config[name];
    const text = typeof value === 'object' && value !== null ? (value as Json).content : value;
    if (typeof text === 'string') found[name] = text;
  }
  return found;
}

/** Whether the tokenizer itself would put a BOS in front of a text. */
function addsBos(tokenizer: unknown, config: Json): boolean {
  if (typeof config.add_bos_token === 'boolean') return config.add_bos_token;
  const bos = specialTokens(config).bos_token;
  const post = (tokenizer as Json).post_processor as Json | null | undefined;
  const processors = (Array.isArray(post?.processors) ? post.processors : post ? [post] : []) as readonly Json[];
  return processors.some((one) => {
    const first = Array.isArray(one.single) ? (one.single as readonly Json[])[0] : undefined;
    const token = first?.SpecialToken as Json | undefined;
    return token !== undefined && token.id === bos;
  });
}

async function readEndIds(
  folder: string,
  tokenizer: OffsetTokenizer,
  eos: string | undefined,
): Promise<readonly number[]> {
  const generation = await readJson(path.join(folder, 'generation_config.json'));
  const config = await readJson(path.join(folder, 'config.json'));
  const listed = [generation?.eos_token_id, config?.eos_token_id].flatMap((value) =>
    Array.isArray(value) ? value : [value],
  );
  const named = eos === undefined ? undefined : tokenizer.idOf(eos);
  const ids = [...listed, named].filter((id): id is number => Number.isInteger(id));
  return [...new Set(ids)];
}

async function readText(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new UserError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function readJson(file: string): Promise<Json | null> {
  const text = await readText(file);
  return text === null ? null : parsed(file, text);
}

function parsed(file: string, text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${file} is not JSON (${(error as Error).message}); copy it again from where the model came from.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new UserError(`${file} is not a JSON object; copy it again from where the model came from.`);
}

/** Names the file in the error of what is made from it. */
function named<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
