// Owns one chat message of whatever dialect: its role, its visible content, and the traces that it holds.
// Must not know where a record keeps its messages.
import type { Trace } from '../domain/trace';
import { type BlockPiece, readBlocks } from './blocks';
import { splitInlineJson } from './inlineJson';
import { splitInlineTags } from './inlineTags';
import { firstText, isObject, list, member, text } from './shape';

/** A stretch of reasoning and the visible text up to the next one. `said`: visible text of the same message before it. */
export type Segment = { readonly said: string; readonly trace: Trace; readonly opaque: string | null };

export type ReadMessage = { readonly role: string; readonly content: string; readonly segments: readonly Segment[] };

const roleNames: Readonly<Record<string, string>> = {
  human: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  bot: 'assistant',
  agent: 'assistant',
  function_call: 'assistant',
  observation: 'tool',
};
const reasoningFields = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text', 'thought', 'thoughts'];

/** Whether a value has the shape of a chat message: a role and some content. */
export const isMessage = (value: unknown): boolean =>
  roleOf(value) !== null &&
  ['content', 'value', 'parts', 'text', 'reasoning_content', 'tool_calls'].some(
    (key) => member(value, key) !== undefined,
  );

export function roleOf(message: unknown): string | null {
  const named =
    firstText(message, ['role', 'from', 'speaker', 'author']) ?? text(member(member(message, 'author'), 'role'));
  // LangChain names a message's type instead.
  const type = text(member(message, 'type'));
  if (named === null) return type === 'human' || type === 'ai' ? roleNames[type]! : null;
  return roleNames[named] ?? named;
}

/** @param role for a message that does not say (a completion) */
export function readMessage(message: unknown, role = 'user'): ReadMessage {
  const speaker = roleOf(message) ?? role;
  if (typeof message === 'string') return { role: speaker, content: message, segments: inline(message) };
  const content = firstContent(message);
  const pieces = typeof content === 'string' ? [{ kind: 'text', text: content } as const] : readBlocks(list(content));
  const visible = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  if (speaker !== 'assistant') return { role: speaker, content: visible, segments: [] };
  const inFields = fieldSegments(message, visible);
  if (inFields.length > 0) return { role: speaker, content: visible, segments: inFields };
  const inBlocks = blockSegments(pieces);
  return { role: speaker, content: visible, segments: inBlocks.length > 0 ? inBlocks : inline(visible) };
}

function firstContent(message: unknown): unknown {
  for (const key of ['content', 'value', 'parts', 'text']) {
    const value = member(message, key);
    if (typeof value === 'string' || Array.isArray(value)) return value;
    if (isObject(value) && Array.isArray(value.parts)) return value.parts;
  }
  return '';
}

const hasReasoning = (segment: Segment): boolean => segment.opaque !== null || segment.trace.reasoning.trim() !== '';

function inline(content: string): readonly Segment[] {
  const trace = splitInlineTags(content) ?? splitInlineJson(content);
  return trace ? [{ said: '', trace, opaque: null }].filter(hasReasoning) : [];
}

/** Reasoning in fields of their own; equal ones count once, different ones are all kept. */
function fieldSegments(message: unknown, answerText: string): readonly Segment[] {
  const details = readBlocks(list(member(message, 'reasoning_details'))).find((piece) => piece.kind === 'reasoning');
  const opaque = details?.kind === 'reasoning' ? details.opaque : null;
  const texts = new Set<string>();
  // LangChain and client libraries keep a provider's own fields one level down.
  for (const holder of [message, member(message, 'additional_kwargs'), member(message, 'provider_specific_fields')]) {
    for (const field of reasoningFields) {
      const value = member(holder, field);
      if (typeof value === 'string' && value.trim() !== '') texts.add(value);
    }
  }
  if (texts.size === 0 && details && (details.text.trim() !== '' || opaque !== null)) texts.add(details.text);
  return [...texts].map((reasoning) => ({ said: '', trace: { reasoning, frame: null, answerText }, opaque }));
}

function blockSegments(pieces: readonly BlockPiece[]): readonly Segment[] {
  const segments: Segment[] = [];
  let said = '';
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'text') {
      said += piece.text;
      continue;
    }
    const next = pieces[index + 1];
    const answerText = next?.kind === 'text' ? next.text : '';
    segments.push({ said, trace: { reasoning: piece.text, frame: null, answerText }, opaque: piece.opaque });
  }
  return segments.filter(hasReasoning);
}
