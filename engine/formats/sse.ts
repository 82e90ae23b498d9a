// Owns dumps of streamed replies (server-sent events, one chunk a line, a list of chunks): the deltas put together again as the reply that
// they were, then read like one (chat, Anthropic, Responses, Gemini). Deltas are concatenated exactly.
import { anthropic } from './anthropic';
import { chat } from './chat';
import type { Format, ReadTurn } from './format';
import { gemini } from './gemini';
import { readBlocks } from './parts/blocks';
import { at, firstText, isObject, list, member, text } from './parts/shape';
import { parseJson } from './records/looseJson';
import { responses } from './responses';

export const sse: Format = {
  id: 'sse',
  title: 'Server-sent events of a streamed reply',
  framing: 'text',
  recognizes(_record, head) {
    const first = /^\s*(\{[^\n]*)/.exec(head.text)?.[1] ?? '';
    if (isStreamEvent(first) || isChunkList(head.text)) return 80;
    return eventForm.test(head.text) && /^data:\s*\{/m.test(head.text) ? 80 : 0;
  },
  read(_record, whole) {
    const turns: ReadTurn[] = [];
    for (const reply of repliesIn(whole)) {
      const format = [anthropic, responses, gemini, chat].find((one) => one.recognizes(reply, noHead) > 0);
      if (format) turns.push(...format.read(reply, ''));
    }
    return turns.map((turn, index) => ({ ...turn, turn: index }));
  },
};

const eventForm = /^(?:\s|:[^\n]*\n)*(?:event|data|id):[^\n]*\n/;
const chunkForm =
  /"object"\s*:\s*"chat\.completion\.chunk"|"type"\s*:\s*"(?:message_start|message-start|response\.created)"|^\s*\{\s*"(?:messageStart|contentBlockDelta)"\s*:|"done"\s*:\s*false/;

/** Whether a line is one chunk of a streamed reply. */
export const isStreamEvent = (line: string): boolean => chunkForm.test(line);

/** Gemini streams a list of replies, of which only the last is finished. */
export const isChunkList = (head: string): boolean =>
  /^\s*\[\s*\{\s*"candidates"\s*:/.test(head) &&
  occurrences(head, /"candidates"/g) > occurrences(head, /"finishReason"/g);

const occurrences = (whole: string, form: RegExp): number => whole.match(form)?.length ?? 0;
const noHead = { text: '', bytes: new Uint8Array(), name: '' };

/** The replies, each in the shape that its provider gives without streaming. */
function repliesIn(whole: string): readonly unknown[] {
  const replies = new Map<string, Assembly>();
  let unnamed = 0;
  for (const event of eventsIn(whole)) {
    if (startsReply(event)) unnamed += 1;
    if (event === null) continue;
    const id = text(member(event, 'id')) ?? text(at(event, 'message', 'id')) ?? `stream ${unnamed}`;
    const key = member(event, 'choices') === undefined ? `stream ${unnamed}` : id;
    const assembly = replies.get(key) ?? newAssembly();
    replies.set(key, assembly);
    assemble(assembly, event);
    // Ollama has no event that starts a reply, but one that ends it.
    if (member(event, 'done') === true) unnamed += 1;
  }
  return [...replies.values()].map(replyOf).filter((reply) => reply !== null);
}

const startsReply = (event: unknown): boolean =>
  event === null ||
  ['message_start', 'message-start', 'response.created'].includes(text(member(event, 'type')) ?? '') ||
  member(event, 'messageStart') !== undefined;

/** Data of the events in order; `null` where the stream says that it is done. An event's last, incomplete data is ignored. */
function* eventsIn(whole: string): Generator<unknown> {
  if (isChunkList(whole)) return yield* list(parsedOrNull(whole));
  // Clients that log the chunks alone write one a line.
  const bare = /^\s*\{/.test(whole);
  for (const event of whole.split(bare ? /\r?\n/ : /\r?\n\r?\n/)) {
    const data = event
      .split(/\r?\n/)
      .filter((line) => bare || line.startsWith('data:'))
      .map((line) => (bare ? line : line.slice(5).replace(/^ /, '')))
      .join('\n');
    if (data.trim() === '[DONE]') yield null;
    // A dump may stop in the middle of an event; what came before it stands.
    else if (data.trim() !== '') yield* [parsedOrNull(data)].filter((one) => one !== null);
  }
}

function parsedOrNull(data: string): unknown {
  try {
    return parseJson(data);
  } catch {
    return null;
  }
}

type Words = { content: string; reasoning: string; summary: string };
type Block = { type: string; text: string; thinking: string; data?: unknown };
type Assembly = {
  model: string | null;
  readonly choices: Map<number, Words>;
  readonly blocks: Block[];
  readonly parts: unknown[];
  /** What Responses events say, until one holds the whole reply. */
  readonly items: Words;
  final: unknown;
};

const noWords = (): Words => ({ content: '', reasoning: '', summary: '' });
const newAssembly = (): Assembly => ({
  model: null,
  choices: new Map(),
  blocks: [],
  parts: [],
  items: noWords(),
  final: null,
});

function assemble(assembly: Assembly, event: unknown): void {
  const named = [event, member(event, 'message'), member(event, 'response')];
  assembly.model ??= named.map((one) => firstText(one, ['model', 'modelVersion'])).find((one) => one !== null) ?? null;
  for (const choice of list(member(event, 'choices'))) addChoice(assembly, choice);
  if (typeof member(event, 'done') === 'boolean') addChoice(assembly, { delta: member(event, 'message') ?? event });
  for (const part of list(at(event, 'candidates', 0, 'content', 'parts'))) addPart(assembly.parts, part);
  const type = text(member(event, 'type')) ?? '';
  if (type === 'response.completed' || type === 'response.incomplete') assembly.final = member(event, 'response');
  if (type.startsWith('response.')) addItem(assembly.items, type, text(member(event, 'delta')) ?? '');
  addBlock(assembly, event, type);
}

/** A part that goes on where the one before it stopped is one with it. */
function addPart(parts: unknown[], part: unknown): void {
  const last = parts.at(-1);
  const [before, words] = [text(member(last, 'text')), text(member(part, 'text'))];
  const goesOn = before !== null && words !== null && member(last, 'thought') === member(part, 'thought');
  if (goesOn && isObject(part)) parts[parts.length - 1] = { ...part, text: before + words };
  else parts.push(part);
}

function addItem(items: Words, type: string, delta: string): void {
  if (type === 'response.output_text.delta') items.content += delta;
  if (type === 'response.reasoning_text.delta') items.reasoning += delta;
  if (type === 'response.reasoning_summary_text.delta') items.summary += delta;
}

/** Anthropic's, Cohere's and Bedrock's blocks are numbered. */
function addBlock(assembly: Assembly, event: unknown, type: string): void {
  const bedrock = member(event, 'contentBlockDelta');
  const index = member(event, 'index') ?? member(bedrock, 'contentBlockIndex');
  if (typeof index !== 'number' || index < 0 || index > 1e6) return;
  const start = member(event, 'content_block') ?? at(event, 'delta', 'message', 'content');
  if (type === 'content_block_start' || type === 'content-start') {
    assembly.blocks[index] = {
      type: text(member(start, 'type')) ?? '',
      ...textsOf(start),
      data: member(start, 'data'),
    };
  } else if (type === 'content_block_delta' || type === 'content-delta' || bedrock !== undefined) {
    const delta = textsOf(start ?? member(bedrock ?? event, 'delta'));
    assembly.blocks[index] ??= { type: delta.thinking === '' ? 'text' : 'thinking', text: '', thinking: '' };
    assembly.blocks[index].text += delta.text;
    assembly.blocks[index].thinking += delta.thinking;
  }
}

const textsOf = (delta: unknown): Pick<Block, 'text' | 'thinking'> => ({
  text: text(member(delta, 'text')) ?? '',
  thinking: text(member(delta, 'thinking')) ?? text(at(delta, 'reasoningContent', 'text')) ?? '',
});

function addChoice(assembly: Assembly, choice: unknown): void {
  const index = member(choice, 'index');
  const key = typeof index === 'number' ? index : 0;
  const sum = assembly.choices.get(key) ?? noWords();
  const delta = member(choice, 'delta');
  sum.content += firstText(delta, ['content', 'response']) ?? text(member(choice, 'text')) ?? '';
  sum.reasoning += firstText(delta, ['reasoning_content', 'reasoning', 'thinking']) ?? '';
  for (const piece of readBlocks(list(member(delta, 'content')))) {
    if (piece.kind === 'text') sum.content += piece.text;
    else sum.reasoning += piece.text;
  }
  assembly.choices.set(key, sum);
}

function replyOf(assembly: Assembly): unknown {
  const { model, choices, blocks, parts, items, final } = assembly;
  if (isObject(final)) return final;
  if (blocks.length > 0)
    return { type: 'message', role: 'assistant', model, content: blocks.filter((block) => block !== undefined) };
  if (parts.length > 0) return { modelVersion: model, candidates: [{ content: { role: 'model', parts } }] };
  if (items.content + items.reasoning + items.summary !== '') return responseOf(model, items);
  if (choices.size === 0) return null;
  const messages = [...choices.values()].map(({ content, reasoning }) => ({
    message: { role: 'assistant', content, ...(reasoning === '' ? {} : { reasoning_content: reasoning }) },
  }));
  return { model, choices: messages };
}

function responseOf(model: string | null, { content, reasoning, summary }: Words): unknown {
  const thought = {
    type: 'reasoning',
    summary: summary === '' ? [] : [{ type: 'summary_text', text: summary }],
    ...(reasoning === '' ? {} : { content: [{ type: 'reasoning_text', text: reasoning }] }),
  };
  const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: content }] };
  return { object: 'response', model, output: [thought, said] };
}
