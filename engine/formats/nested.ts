// Owns the last resort: records of unknown shape in which somewhere inside a message, a reply with a reasoning field or a text with a whole
// pair of tags is found. The prompt is the conversation or the prompt-like text that was met last before it.
import { asReplies, asTurns } from './conversation';
import type { Format, ReadTurn } from './format';
import { splitInlineTags } from './inlineTags';
import { isMessage, readMessage } from './message';
import { messagesInText } from './promptText';
import { isObject, type JsonObject, list, shortFields, text } from './shape';

const deepest = 12;
const mostVisited = 20_000;
const promptName = /^(?:prompt|question|problem|query|input|instruction|user_prompt|user)$/i;
const reasoningName = /^(?:reasoning|reasoning_content|thinking|thoughts?|chain_of_thought|cot)$/i;
const answerName = /^(?:content|text|response|output|answer|final_answer|completion|message)$/i;

export const nested: Format = {
  id: 'nested',
  title: 'Records with reasoning somewhere inside',
  framing: 'values',
  recognizes: (record) => (isObject(record) && search(record).length > 0 ? 8 : 0),
  read: (record) => search(record).map((turn, index) => ({ ...turn, turn: index })),
};

type Walk = {
  prompt: readonly unknown[];
  model: string | null;
  visited: number;
  readonly turns: ReadTurn[];
  readonly fields: ReadTurn['fields'];
};

function search(record: unknown): readonly ReadTurn[] {
  const walk: Walk = { prompt: [], model: null, visited: 0, turns: [], fields: shortFields(record) };
  visit(record, walk, deepest);
  return walk.turns;
}

function visit(value: unknown, walk: Walk, depth: number): void {
  walk.visited += 1;
  if (depth === 0 || walk.visited > mostVisited) return;
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isMessage)) addConversation(value, walk);
    else for (const item of value) visit(item, walk, depth - 1);
  } else if (isObject(value)) visitObject(value, walk, depth);
  else if (typeof value === 'string') {
    const frame = splitInlineTags(value)?.frame;
    if (frame && frame.open !== '' && frame.close !== '') addReplies([value], walk);
  }
}

function visitObject(value: JsonObject, walk: Walk, depth: number): void {
  walk.model = text(value.model) ?? text(value.model_name) ?? walk.model;
  const prompt = Object.entries(value).find(([name, item]) => promptName.test(name) && typeof item === 'string');
  if (prompt) walk.prompt = messagesInText(String(prompt[1]));
  const reply = replyOf(value);
  if (reply !== null && readMessage(reply, 'assistant').segments.length > 0) addReplies([reply], walk);
  else for (const item of Object.values(value)) visit(item, walk, depth - 1);
}

/** A message, or an object whose fields are a reasoning and an answer. */
function replyOf(value: JsonObject): unknown {
  const reasoning = named(value, reasoningName);
  if (reasoning !== null)
    return { role: 'assistant', reasoning_content: reasoning, content: named(value, answerName) ?? '' };
  const langChain = isObject(value.additional_kwargs);
  return isMessage(value) || langChain || Array.isArray(value.content) || Array.isArray(value.parts)
    ? { role: 'assistant', ...value }
    : null;
}

function named(value: JsonObject, name: RegExp): string | null {
  for (const [key, item] of Object.entries(value))
    if (name.test(key) && typeof item === 'string' && item !== '') return item;
  return null;
}

function addConversation(messages: readonly unknown[], walk: Walk): void {
  add(asReplies(messages, []), walk);
  walk.prompt = list(messages);
}

/** Only the reply's own reasoning: what the prompt holds was added where it was met. */
function addReplies(replies: readonly unknown[], walk: Walk): void {
  const before = asReplies(walk.prompt, []).length;
  add(asReplies(walk.prompt, replies).slice(before), walk);
}

function add(found: Parameters<typeof asTurns>[0], walk: Walk): void {
  walk.turns.push(...asTurns(found, { model: walk.model, fields: walk.fields }));
}
