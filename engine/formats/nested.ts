// Owns the last resort: records of unknown shape in which somewhere inside a conversation, a row that another format knows, a reply with a
// reasoning field or a text with a whole pair of tags is found; in strings that hold JSON, tables and trees of messages too.
// The prompt is the conversation or the prompt-like text that was met last before it.
import { UserError } from '../domain/failure';
import type { Format, ReadTurn } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { isMessage, isMessages, roleOf } from './parts/dialect';
import { splitInlineJson } from './parts/inlineJson';
import { splitInlineTags } from './parts/inlineTags';
import { fieldText, readMessage } from './parts/message';
import { conversationsIn } from './parts/messageTree';
import { messagesInText } from './parts/promptText';
import { parsePythonLiteral } from './parts/pythonLiteral';
import { isObject, type JsonObject, shortFields, text } from './parts/shape';
import { rowsOf, unflattened } from './parts/tables';
import { parseJson } from './records/looseJson';

const deepest = 14;
const mostVisited = 20_000;
/** Of a string so long nobody made a record in a record. */
const longestInner = 16 * 1024 * 1024;
/** A format that is less sure of a part of a record than this is not asked to read it. */
const leastSure = 15;
const promptName = /^(?:prompt|question|problem|query|input|inputs|instruction|user_prompt|user|utterance)$/i;
const reasoningName = /^(?:reasoning|reasoning_content|thinking|thoughts?|chain_of_thought|cot)$/i;
const answerName = /^(?:content|text|response|output|answer|final_answer|completion|message)$/i;
const modelNames = ['model', 'model_name', 'modelID', 'modelId', 'gen_ai.response.model', 'gen_ai.request.model'];
const noHead = { text: '', bytes: new Uint8Array(), name: '' };

/** @param rowFormats what parts of a record may be read as */
export function nestedIn(rowFormats: readonly Format[]): Format {
  const search = (record: unknown): readonly ReadTurn[] => {
    const walk: Walk = {
      rowFormats,
      prompt: [],
      model: null,
      visited: 0,
      turns: [],
      seen: new Set(),
      fields: shortFields(record),
    };
    visit(record, walk, deepest);
    return walk.turns;
  };
  return {
    id: 'nested',
    title: 'Records with reasoning somewhere inside',
    framing: 'values',
    recognizes: (record) => (typeof record === 'object' && search(record).length > 0 ? 8 : 0),
    read: (record) => search(record).map((turn, index) => ({ ...turn, turn: index })),
  };
}

type Walk = {
  readonly rowFormats: readonly Format[];
  prompt: readonly unknown[];
  model: string | null;
  visited: number;
  readonly turns: ReadTurn[];
  /** Turns of trees of messages, whose paths have their beginnings in common. */
  readonly seen: Set<string>;
  readonly fields: ReadTurn['fields'];
};

function visit(value: unknown, walk: Walk, depth: number): void {
  walk.visited += 1;
  if (depth === 0 || walk.visited > mostVisited) return;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (isMessages(items)) addConversation(items, walk);
    else for (const item of items as readonly unknown[]) visit(item, walk, depth - 1);
  } else if (isObject(value)) visitObject(unflattened(value), walk, depth);
  else if (typeof value === 'string') visitText(value, walk, depth);
}

function visitText(value: string, walk: Walk, depth: number): void {
  const frame = splitInlineTags(value)?.frame;
  const inner = frame ? null : parsed(value);
  // A turn that is JSON is kept as the model wrote it.
  if (inner !== null && !splitInlineJson(value)) visit(inner, walk, depth - 1);
  else if (inner !== null || (frame && frame.open !== '' && frame.close !== '')) addReplies([value], walk);
}

/** What a string holds that is itself JSON or a Python literal. */
function parsed(value: string): unknown {
  if (value.length > longestInner || !/^\s*(?:\{\s*["'}]|\[\s*[[{"'])/.test(value)) return null;
  for (const parse of [parseJson, parsePythonLiteral]) {
    try {
      return parse(value);
    } catch {
      // Text may begin with a bracket and be text.
    }
  }
  return null;
}

function visitObject(value: JsonObject, walk: Walk, depth: number): void {
  walk.model = modelNames.map((name) => text(value[name])).find((name) => name !== null) ?? walk.model;
  const conversations = conversationsIn(value);
  if (conversations) for (const messages of conversations) addConversation(messages, walk);
  else if (!addRow(value, walk)) visitMembers(value, walk, depth);
}

/** Whether the object is a row that a format knows and finds reasoning in. */
function addRow(value: JsonObject, walk: Walk): boolean {
  if (isMessage(value)) return false;
  const scored = walk.rowFormats.map((format) => ({ format, score: format.recognizes(value, noHead) }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const turns = best.score < leastSure ? [] : turnsOf(best.format, value).filter(isTurn);
  const before = turns.some((turn) => turn.messages.length === 0) ? promptMessages(walk) : [];
  for (const turn of turns) {
    const messages = turn.messages.length === 0 ? before : turn.messages;
    walk.turns.push({ ...turn, messages, model: turn.model ?? walk.model, fields: { ...walk.fields, ...turn.fields } });
  }
  return turns.length > 0;
}

/** A part that only looks like a format's row is none. */
function turnsOf(format: Format, value: JsonObject): readonly ReadTurn[] {
  try {
    return format.read(value, '');
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

/** A lone word under a name that sounds like reasoning (a setting, a hash) is none. */
const isTurn = ({ messages, trace, opaque }: ReadTurn): boolean =>
  messages.length > 0 || trace.answerText !== '' || opaque !== null || /\s/.test(trace.reasoning.trim());

const promptMessages = ({ prompt }: Walk): ReadTurn['messages'] =>
  asReplies(prompt, [{ role: 'assistant', reasoning_content: '-' }]).at(-1)?.messages ?? [];

function visitMembers(value: JsonObject, walk: Walk, depth: number): void {
  const prompt = Object.entries(value).find(([name, item]) => promptName.test(name) && typeof item === 'string');
  const said = value.source === 'user' ? text(value.message) : null;
  if (said !== null) walk.prompt = [{ role: 'user', content: said }];
  else if (prompt && parsed(String(prompt[1])) === null) walk.prompt = messagesInText(String(prompt[1]));
  const rows = rowsOf(value);
  const reply = rows ? null : replyOf(value);
  if (reply !== null && readMessage(reply, 'assistant').segments.length > 0) addReplies([reply], walk);
  else for (const item of rows ?? Object.values(value)) visit(item, walk, depth - 1);
}

/** A message, or an object whose fields are a reasoning and an answer. */
function replyOf(value: JsonObject): unknown {
  const reasoning = named(value, reasoningName);
  if (reasoning !== null && !isMessage(value))
    return { role: 'assistant', reasoning_content: reasoning, content: named(value, answerName) ?? '' };
  const langChain = isObject(value.additional_kwargs);
  return isMessage(value) || langChain || Array.isArray(value.content) || Array.isArray(value.parts)
    ? { role: 'assistant', ...value }
    : null;
}

function named(value: JsonObject, name: RegExp): string | null {
  for (const [key, item] of Object.entries(value)) {
    const words = name.test(key) ? fieldText(item) : '';
    if (words !== '') return words;
  }
  return null;
}

/** Messages without a question before them answer what was asked last. */
function addConversation(messages: readonly unknown[], walk: Walk): void {
  const answersOnly = messages.every((message) => roleOf(message) === 'assistant');
  if (answersOnly) addReplies(messages, walk);
  else {
    add(asReplies(messages, []), walk);
    walk.prompt = messages;
  }
}

/** Only the reply's own reasoning: what the prompt holds was added where it was met. */
function addReplies(replies: readonly unknown[], walk: Walk): void {
  const before = asReplies(walk.prompt, []).length;
  add(asReplies(walk.prompt, replies).slice(before), walk);
}

function add(found: Parameters<typeof asTurns>[0], walk: Walk): void {
  for (const turn of asTurns(found, { model: walk.model, fields: walk.fields })) {
    const key = JSON.stringify([turn.messages, turn.trace]);
    if (!walk.seen.has(key)) walk.turns.push(turn);
    walk.seen.add(key);
  }
}
