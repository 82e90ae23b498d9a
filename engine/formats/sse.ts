// Owns dumps of server-sent events: the deltas of a streamed reply, put together again as the reply that they were,
// then read like one (chat, Anthropic, Responses, Gemini). Deltas are concatenated exactly.
import { anthropic } from './anthropic';
import { chat } from './chat';
import type { Format, ReadTurn } from './format';
import { gemini } from './gemini';
import { parseJson } from './looseJson';
import { responses } from './responses';
import { at, isObject, list, member, text } from './shape';

export const sse: Format = {
  id: 'sse',
  title: 'Server-sent events of a streamed reply',
  framing: 'text',
  recognizes(_record, head) {
    const first = /^\s*(\{[^\n]*)/.exec(head.text)?.[1] ?? '';
    if (isStreamEvent(first)) return 80;
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

/** Whether a line is one chunk of a streamed reply. */
export const isStreamEvent = (line: string): boolean =>
  /"object"\s*:\s*"chat\.completion\.chunk"|"type"\s*:\s*"(?:message_start|response\.created)"/.test(line);

const noHead = { text: '', bytes: new Uint8Array(), name: '' };

/** The replies, each in the shape that its provider gives without streaming. */
function repliesIn(whole: string): readonly unknown[] {
  const replies = new Map<string, Assembly>();
  let unnamed = 0;
  for (const event of eventsIn(whole)) {
    if (at(event, 'type') === 'message_start' || event === null) unnamed += 1;
    if (event === null) continue;
    const id = text(member(event, 'id')) ?? text(at(event, 'message', 'id')) ?? `stream ${unnamed}`;
    const key = member(event, 'choices') === undefined ? `stream ${unnamed}` : id;
    const assembly = replies.get(key) ?? newAssembly();
    replies.set(key, assembly);
    assemble(assembly, event);
  }
  return [...replies.values()].map(replyOf).filter((reply) => reply !== null);
}

/** Data of the events in order; `null` where the stream says that it is done. An event's last, incomplete data is ignored. */
function* eventsIn(whole: string): Generator<unknown> {
  // Clients that log the chunks alone write one a line.
  const bare = /^\s*\{/.test(whole);
  for (const event of whole.split(bare ? /\r?\n/ : /\r?\n\r?\n/)) {
    const data = event
      .split(/\r?\n/)
      .filter((line) => bare || line.startsWith('data:'))
      .map((line) => (bare ? line : line.slice(5).replace(/^ /, '')))
      .join('\n');
    if (data.trim() === '[DONE]') yield null;
    else if (data.trim() !== '') {
      try {
        yield parseJson(data);
      } catch {
        // A dump may stop in the middle of an event; what came before it stands.
      }
    }
  }
}

type Assembly = {
  model: string | null;
  readonly choices: Map<number, { content: string; reasoning: string }>;
  readonly blocks: { type: string; text: string; thinking: string; data?: unknown }[];
  readonly parts: unknown[];
  final: unknown;
};

const newAssembly = (): Assembly => ({ model: null, choices: new Map(), blocks: [], parts: [], final: null });

function assemble(assembly: Assembly, event: unknown): void {
  assembly.model ??=
    text(member(event, 'model')) ?? text(at(event, 'message', 'model')) ?? text(member(event, 'modelVersion'));
  for (const choice of list(member(event, 'choices'))) addChoice(assembly, choice);
  assembly.parts.push(...list(at(event, 'candidates', 0, 'content', 'parts')));
  const type = text(member(event, 'type')) ?? '';
  if (type === 'response.completed' || type === 'response.incomplete') assembly.final = member(event, 'response');
  const index = member(event, 'index');
  if (typeof index !== 'number') return;
  if (type === 'content_block_start') {
    const block = member(event, 'content_block');
    const start = {
      type: text(member(block, 'type')) ?? '',
      text: text(member(block, 'text')) ?? '',
      thinking: text(member(block, 'thinking')) ?? '',
    };
    assembly.blocks[index] = { ...start, data: member(block, 'data') };
  }
  const block = assembly.blocks[index];
  if (type !== 'content_block_delta' || !block) return;
  block.text += text(at(event, 'delta', 'text')) ?? '';
  block.thinking += text(at(event, 'delta', 'thinking')) ?? '';
}

function addChoice(assembly: Assembly, choice: unknown): void {
  const index = member(choice, 'index');
  const key = typeof index === 'number' ? index : 0;
  const sum = assembly.choices.get(key) ?? { content: '', reasoning: '' };
  const delta = member(choice, 'delta');
  sum.content += text(member(delta, 'content')) ?? text(member(choice, 'text')) ?? '';
  sum.reasoning += text(member(delta, 'reasoning_content')) ?? text(member(delta, 'reasoning')) ?? '';
  assembly.choices.set(key, sum);
}

function replyOf(assembly: Assembly): unknown {
  const { model, choices, blocks, parts, final } = assembly;
  if (isObject(final)) return final;
  if (blocks.length > 0)
    return { type: 'message', role: 'assistant', model, content: blocks.filter((block) => block !== undefined) };
  if (parts.length > 0) return { modelVersion: model, candidates: [{ content: { role: 'model', parts } }] };
  if (choices.size === 0) return null;
  const messages = [...choices.values()].map(({ content, reasoning }) => ({
    message: { role: 'assistant', content, ...(reasoning === '' ? {} : { reasoning_content: reasoning }) },
  }));
  return { model, choices: messages };
}
