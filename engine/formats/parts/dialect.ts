// Owns how the dialects of chat messages name a role and wrap a message: one question, whether a value is a message, and who speaks in it.
// Must not know what the content means.
import { at, firstText, isObject, type JsonObject, list, member, text } from './shape';

const roleNames: Readonly<Record<string, string>> = {
  human: 'user',
  prompter: 'user',
  'user-prompt': 'user',
  'system-prompt': 'system',
  gpt: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
  agent: 'assistant',
  gemini: 'assistant',
  function_call: 'assistant',
  observation: 'tool',
  'tool-return': 'tool',
};
/** Messages whose whole content is reasoning about the answer that follows them. */
const thinkingRoles = ['thinking', 'reasoning', 'thought', 'thoughts', 'assistant_thinking', 'assistant_reasoning'];
export const thinkingRole = 'thinking';

/** What LangChain and chat histories call a message's type instead of its role. */
const speakingTypes = ['human', 'ai', 'user', 'assistant', 'system', 'gemini'];
/** Where the words are, most telling first. */
export const contentKeys = ['content', 'value', 'parts', 'text', 'blocks', 'fragments', '_content', 'mes'];
const otherKeys = ['reasoning_content', 'reasoning', 'thinking', 'tool_calls'];

/** Whether a value has the shape of a chat message: a role and some content. */
export const isMessage = (value: unknown): boolean => {
  const message = unwrapped(value);
  if (roleOf(message) === null) return false;
  const keys = typeof member(message, 'role') === 'string' ? [...contentKeys, ...otherKeys, 'prompt'] : contentKeys;
  return keys.some((key) => member(message, key) !== undefined);
};

export const isMessages = (value: unknown): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(isMessage);

/** The message inside the envelope of a client library (LangChain's constructor calls and dicts, histories with context). */
export function unwrapped(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { kwargs, data, message, type } = value;
  if (isObject(kwargs) && kwargs.content !== undefined && value.content === undefined) return kwargs;
  if (isObject(data) && speakingTypes.includes(text(type) ?? '')) return { ...data, type };
  // A choice of a completion is an envelope too, but a reply and no message of a conversation.
  if (
    isObject(message) &&
    value.finish_reason === undefined &&
    value.index === undefined &&
    namedRole(message) !== null
  )
    return value.reasoning === undefined ? message : { ...message, reasoning: value.reasoning };
  return value;
}

export function roleOf(value: unknown): string | null {
  const named = namedRole(unwrapped(value));
  if (named === null) return null;
  const role = named.toLowerCase();
  return thinkingRoles.includes(role) ? thinkingRole : (roleNames[role] ?? role);
}

function namedRole(message: unknown): string | null {
  if (!isObject(message)) return null;
  const role = firstText(message, ['role', 'from', 'speaker', 'sender', '_role']);
  if (role !== null) return role;
  const inside = text(at(message, 'author', 'role')) ?? text(at(message, 'info', 'role')) ?? roleInContent(message);
  return inside ?? text(message.author) ?? typedRole(message);
}

const roleInContent = (message: JsonObject): string | null =>
  Array.isArray(at(message, 'content', 'parts')) ? text(at(message, 'content', 'role')) : null;

function typedRole(message: JsonObject): string | null {
  const type = text(message.type);
  if (type !== null && speakingTypes.includes(type) && contentKeys.some((key) => message[key] !== undefined))
    return type;
  if (typeof message.is_user === 'boolean' && typeof message.mes === 'string') return message.is_user ? 'user' : 'ai';
  // Pydantic AI calls its messages requests and responses of parts.
  if (message.kind === 'response' && Array.isArray(message.parts)) return 'assistant';
  if (message.kind === 'request' && Array.isArray(message.parts)) return 'user';
  return list(message.fragments).length > 0 ? fragmentRole(message) : null;
}

/** DeepSeek's exports name the fragments of a message, not who speaks. */
const fragmentRole = (message: JsonObject): string =>
  list(message.fragments).some((fragment) => member(fragment, 'type') === 'REQUEST') ? 'user' : 'assistant';

/** Several messages where one envelope holds parts of different speakers, else the one. */
export function split(message: unknown): readonly unknown[] {
  const parts = list(member(message, 'parts'));
  const kinds = new Set(parts.map((part) => roleNames[text(member(part, 'part_kind')) ?? '']));
  if (kinds.size < 2 || kinds.has(undefined)) return [message];
  return parts.map((part) => ({
    role: roleNames[String(member(part, 'part_kind'))],
    content: member(part, 'content'),
  }));
}
