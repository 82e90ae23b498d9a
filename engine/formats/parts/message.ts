// Owns one chat message of whatever dialect: its role, its visible content, and the traces that it holds.
// Must not know where a record keeps its messages.
import type { Trace } from '../../domain/trace';
import { type BlockPiece, opaqueReasons, readBlocks } from './blocks';
import { contentKeys, roleOf, unwrapped } from './dialect';
import { splitInlineJson } from './inlineJson';
import { splitInlineLabels } from './inlineLabels';
import { splitInlineTags } from './inlineTags';
import { isObject, list, member } from './shape';

/** A stretch of reasoning and the visible text up to the next one. `said`: visible text of the same message before it. */
export type Segment = { readonly said: string; readonly trace: Trace; readonly opaque: string | null };

export type ReadMessage = { readonly role: string; readonly content: string; readonly segments: readonly Segment[] };

const reasoningFields = [
  'reasoning_content',
  'reasoning',
  'thinking',
  'reasoning_text',
  'reasoningContent',
  'reasoningText',
  'thinking_content',
  'thought',
  'thoughts',
];
/** Client libraries keep a provider's own fields one level down. */
const holders = ['additional_kwargs', 'provider_specific_fields', 'extra'];
/** Shorter texts stand at the start of an answer by chance. */
const leastRepeated = 16;

/** @param role for a message that does not say (a completion) */
export function readMessage(value: unknown, role = 'user'): ReadMessage {
  const message = unwrapped(value);
  const speaker = roleOf(message) ?? role;
  if (typeof message === 'string') return { role: speaker, content: message, segments: splitInline(message) };
  const content = firstContent(message);
  const pieces = typeof content === 'string' ? [{ kind: 'text', text: content } as const] : readBlocks(list(content));
  const visible = pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  if (speaker !== 'assistant') return { role: speaker, content: visible, segments: blockSegments(pieces) };
  const inFields = fieldSegments(message, visible);
  if (inFields.length > 0) return { role: speaker, content: visible, segments: inFields };
  const inBlocks = blockSegments(pieces);
  return { role: speaker, content: visible, segments: inBlocks.length > 0 ? inBlocks : splitInline(visible) };
}

function firstContent(message: unknown): unknown {
  for (const key of [...contentKeys, 'prompt']) {
    const value = member(message, key);
    if (typeof value === 'string' || Array.isArray(value)) return value;
    if (isObject(value) && Array.isArray(value.parts)) return value.parts;
    if (isObject(value) && Array.isArray(value.thoughts)) return [value];
  }
  return '';
}

const hasReasoning = (segment: Segment): boolean => segment.opaque !== null || segment.trace.reasoning.trim() !== '';

/** The turn that one text holds, by tags, as JSON or by labels; empty when it holds none. */
export function splitInline(content: string): readonly Segment[] {
  const trace = splitInlineTags(content) ?? splitInlineJson(content) ?? splitInlineLabels(content);
  return trace ? [{ said: '', trace, opaque: null }].filter(hasReasoning) : [];
}

/** Reasoning in fields of their own; equal ones count once, different ones are all kept. */
function fieldSegments(message: unknown, answerText: string): readonly Segment[] {
  const details = readBlocks(list(member(message, 'reasoning_details'))).find((piece) => piece.kind === 'reasoning');
  let opaque = details?.kind === 'reasoning' ? details.opaque : null;
  const texts = new Set<string>();
  for (const holder of [message, ...holders.map((name) => member(message, name))]) {
    for (const field of reasoningFields) {
      const value = fieldText(member(holder, field));
      if (value.trim() !== '') texts.add(value);
    }
  }
  if (texts.size === 0) {
    const thoughts = summaryOf(member(message, 'thoughts'));
    if (thoughts !== '') texts.add(thoughts);
    if (thoughts !== '') opaque = opaqueReasons.summary;
  }
  if (texts.size === 0 && details && (details.text.trim() !== '' || opaque !== null)) texts.add(details.text);
  return [...texts].map((reasoning) => ({ said: '', trace: besideAnswer(reasoning, answerText), opaque }));
}

/** A text, or one in an object (`thinking: { text }`). */
export function fieldText(value: unknown): string {
  const inner = isObject(value) ? (value.text ?? value.content ?? value.thinking) : value;
  return typeof inner === 'string' ? inner : '';
}

/** Gemini's command line keeps thoughts as subjects with descriptions. */
const summaryOf = (thoughts: unknown): string =>
  list(thoughts)
    .map((one) => [member(one, 'subject'), member(one, 'description')].filter((part) => typeof part === 'string'))
    .map((parts) => parts.join('\n\n'))
    .join('\n\n');

/** Agents' logs repeat the reasoning at the start of the content; it stands there once, as the turn was written. */
function besideAnswer(reasoning: string, content: string): Trace {
  const repeated = reasoning.trim().length >= leastRepeated && content.length > reasoning.length;
  if (!repeated || !content.startsWith(reasoning)) return { reasoning, frame: null, answerText: content };
  const close = /^\s*/.exec(content.slice(reasoning.length))?.[0] ?? '';
  return {
    reasoning,
    frame: { before: '', open: '', close },
    answerText: content.slice(reasoning.length + close.length),
  };
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
