// Owns session logs of coding agents, one event a line (or one list): Claude Code (a tree by uuid and parentUuid, one line a content block) and Codex
// (Responses items, in an envelope or bare) and OpenHands (actions and observations). The whole session is one record, as each turn's prompt is what went before it.
import type { Message } from '../domain/example';
import type { Format, ReadTurn } from './format';
import { asReplies, asTurns, tracesIn } from './parts/conversation';
import { readMessage } from './parts/message';
import { at, firstText, isObject, type JsonObject, list, member, text } from './parts/shape';
import { messagesOfItems } from './responses';

/** Whether a line's value belongs to such a log. */
export const isSessionEvent = (event: unknown): boolean =>
  isClaudeEvent(event) || isCodexEvent(event) || isItem(event) || isAgentEvent(event);

const isClaudeEvent = (event: unknown): boolean =>
  text(member(event, 'sessionId')) !== null &&
  text(member(event, 'type')) !== null &&
  member(event, 'uuid') !== undefined;

const isCodexEvent = (event: unknown): boolean =>
  isObject(member(event, 'payload')) &&
  ['session_meta', 'response_item', 'event_msg', 'turn_context'].includes(text(member(event, 'type')) ?? '');

/** Older Codex sessions are Responses items without an envelope. */
const isItem = (event: unknown): boolean =>
  member(event, 'type') === 'reasoning' &&
  Array.isArray(member(event, 'summary')) &&
  member(event, 'role') === undefined;

/** OpenHands: what somebody did, or what came of it. */
export const isAgentEvent = (event: unknown): boolean =>
  ['user', 'agent', 'environment'].includes(text(member(event, 'source')) ?? '') &&
  (isObject(member(event, 'args')) || typeof member(event, 'observation') === 'string');

export const agentLog: Format = {
  id: 'agent_log',
  title: 'Session log of a coding agent (Claude Code, Codex, OpenHands)',
  framing: 'values',
  recognizes: (record) => (list(record).some(isSessionEvent) ? 100 : 0),
  read(record) {
    const events = list(record).filter(isObject);
    const turns = readerOf(events)(events);
    return turns.map((turn, index) => ({ ...turn, turn: index }));
  },
};

function readerOf(events: readonly JsonObject[]): (events: readonly JsonObject[]) => readonly ReadTurn[] {
  if (events.some(isCodexEvent)) return codexTurns;
  if (events.some(isAgentEvent)) return agentTurns;
  return events.some(isItem)
    ? (items) => asTurns(asReplies(messagesOfItems(items.filter(isSpoken)), []), {})
    : claudeTurns;
}

/** Lines of an older session that are items, and not its settings. */
const isSpoken = (item: JsonObject): boolean => typeof item.type === 'string';

/** The thought of an action is the reasoning, what it does (or says) the answer. */
function agentTurns(events: readonly JsonObject[]): readonly ReadTurn[] {
  const messages = events.map((event) => {
    const said = firstText(event, ['content', 'message']) ?? '';
    if (event.observation !== undefined) return { role: 'tool', content: said };
    const content = firstText(event.args, ['command', 'code', 'content']) ?? said;
    if (event.source !== 'agent') return { role: 'user', content };
    return { role: 'assistant', content, reasoning_content: firstText(event.args, ['thought']) ?? '' };
  });
  return asTurns(asReplies(messages, []), {});
}

function codexTurns(events: readonly JsonObject[]): readonly ReadTurn[] {
  const items = events.filter((event) => event.type === 'response_item').map((event) => event.payload);
  const model = events.map((event) => text(at(event, 'payload', 'model'))).find((one) => one !== null);
  return asTurns(asReplies(messagesOfItems(items), []), { model: model ?? null });
}

/** Lines of one message id are blocks of one message; the chain of parents is what the model saw. */
function claudeTurns(events: readonly JsonObject[]): readonly ReadTurn[] {
  const nodes = new Map<string, Node>();
  const owner = new Map<string, Node>();
  for (const event of events) {
    const uuid = text(event.uuid);
    if (uuid === null || !isObject(event.message)) continue;
    const id = text(event.message.id);
    const parent = owner.get(text(event.parentUuid) ?? '') ?? null;
    const known = id === null ? undefined : nodes.get(id);
    const node = known ?? {
      parent,
      role: text(event.message.role) ?? 'user',
      blocks: [],
      model: text(event.message.model),
    };
    node.blocks.push(...blocksOf(event.message.content));
    if (id !== null) nodes.set(id, node);
    else nodes.set(uuid, node);
    owner.set(uuid, node);
  }
  return [...nodes.values()].filter((node) => node.role === 'assistant').flatMap(nodeTurns);
}

type Node = {
  readonly parent: Node | null;
  readonly role: string;
  readonly blocks: unknown[];
  readonly model: string | null;
};

const blocksOf = (content: unknown): readonly unknown[] => (typeof content === 'string' ? [content] : list(content));

function nodeTurns(node: Node): readonly ReadTurn[] {
  const message = readMessage({ role: node.role, content: node.blocks });
  if (message.segments.length === 0) return [];
  const before: Message[] = [];
  for (let at = node.parent; at !== null; at = at.parent) {
    const { role, content } = readMessage({ role: at.role, content: at.blocks });
    before.unshift({ role, content });
  }
  const found = tracesIn([message]).map((one) => ({ ...one, messages: [...before, ...one.messages] }));
  return asTurns(found, { model: node.model });
}
