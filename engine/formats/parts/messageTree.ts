// Owns conversations that are trees: messages that name their parent (exports of chat services), or that hold the replies to them.
// Every path from the root to a last message is a conversation. Must not know what a message says.
import { isMessage, unwrapped } from './dialect';
import { isObject, type JsonObject, list, member, text } from './shape';

const parentKeys = ['parent', 'parentId', 'parent_id', 'parent_message_uuid'];
const childrenKeys = ['replies', 'children'];
const mostPaths = 1000;

/** `null` where the value is no tree of messages. */
export function conversationsIn(value: unknown): readonly (readonly unknown[])[] | null {
  const linked = linkedPaths(value);
  if (linked) return linked;
  const paths: (readonly unknown[])[] = [];
  if (isObject(value) && childrenOf(value).some(isMessage)) descend(value, [], paths);
  return paths.length === 0 ? null : paths;
}

const childrenOf = (node: unknown): readonly unknown[] => {
  for (const key of childrenKeys) if (list(member(node, key)).length > 0) return list(member(node, key));
  return [];
};

function descend(node: unknown, before: readonly unknown[], paths: (readonly unknown[])[]): void {
  if (paths.length >= mostPaths) return;
  const path = isMessage(node) ? [...before, node] : before;
  const children = childrenOf(node).filter(isMessage);
  if (children.length === 0 && path.length > 0) paths.push(path);
  for (const child of children) descend(child, path, paths);
}

type Node = { readonly parent: string | null; readonly message: unknown };

/** `{ id: { parent, message } }`, or the messages themselves under their ids. */
function linkedPaths(value: unknown): readonly (readonly unknown[])[] | null {
  if (!isObject(value)) return null;
  const nodes = new Map<string, Node>();
  for (const [id, node] of Object.entries(value)) {
    const parentKey = parentKeys.find((key) => isObject(node) && Object.hasOwn(node, key));
    if (parentKey === undefined) return null;
    nodes.set(id, { parent: text(member(node, parentKey)), message: messageIn(node) });
  }
  if (nodes.size < 2 || ![...nodes.values()].some((node) => node.message !== null)) return null;
  const parents = new Set([...nodes.values()].map((node) => node.parent));
  const last = [...nodes.keys()].filter((id) => !parents.has(id)).slice(0, mostPaths);
  return last.map((id) => pathTo(id, nodes));
}

function pathTo(id: string, nodes: ReadonlyMap<string, Node>): readonly unknown[] {
  const path: unknown[] = [];
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null && !seen.has(at); at = nodes.get(at)?.parent ?? null) {
    seen.add(at);
    const message = nodes.get(at)?.message ?? null;
    if (message !== null) path.unshift(message);
  }
  return path;
}

/** A summary of thoughts is a message of its own, whose content is reasoning. */
function messageIn(node: unknown): unknown {
  const inner = member(node, 'message');
  const message: unknown = isObject(inner) ? inner : unwrapped(node);
  if (!isMessage(message)) return null;
  const content = member(message, 'content');
  return isObject(message) && Array.isArray(member(content, 'thoughts')) ? asThought(message) : message;
}

const asThought = (message: JsonObject): JsonObject => ({ role: 'thinking', content: [message.content] });
