// Owns session logs of coding agents, one event a line: Claude Code (a tree by uuid and parentUuid, one line a content block) and Codex
// (Responses items). The whole session is one record, as each turn's prompt is what went before it.
import type { Message } from '../domain/example';
import { asReplies, asTurns, tracesIn } from './conversation';
import type { Format, ReadTurn } from './format';
import { readMessage } from './message';
import { messagesOfItems } from './responses';
import { at, isObject, type JsonObject, list, member, text } from './shape';

/** Whether a line's value belongs to such a log. */
export const isSessionEvent = (event: unknown): boolean => isClaudeEvent(event) || isCodexEvent(event);

const isClaudeEvent = (event: unknown): boolean =>
  text(member(event, 'sessionId')) !== null &&
  text(member(event, 'type')) !== null &&
  member(event, 'uuid') !== undefined;

const isCodexEvent = (event: unknown): boolean =>
  isObject(member(event, 'payload')) &&
  ['session_meta', 'response_item', 'event_msg', 'turn_context'].includes(text(member(event, 'type')) ?? '');

export const agentLog: Format = {
  id: 'agent_log',
  title: 'Session log of a coding agent (Claude Code, Codex)',
  framing: 'values',
  recognizes: (record) => (list(record).some(isSessionEvent) ? 100 : 0),
  read(record) {
    const events = list(record).filter(isObject);
    const turns = events.some(isCodexEvent) ? codexTurns(events) : claudeTurns(events);
    return turns.map((turn, index) => ({ ...turn, turn: index }));
  },
};

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
