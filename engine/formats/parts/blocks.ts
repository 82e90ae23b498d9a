// Owns content that is a list of blocks (chunks, parts): which of them are reasoning, which are the visible text, which are opaque.
// Texts of neighboring blocks of one kind are concatenated as they are. Must not know messages or providers' envelopes.
import { at, firstText, isObject, list, member, text } from './shape';

export const opaqueReasons = {
  redacted: 'redacted by the provider',
  encrypted: 'encrypted by the provider',
  summary: 'only a summary of the reasoning was given out',
  omitted: 'the provider left the reasoning out',
} as const;

export type BlockPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string; readonly opaque: string | null };

const reasoningTypes = ['thinking', 'reasoning', 'thought', 'think', 'reasoning_text', 'reasoning.text'];
const summaryTypes = ['summary_text', 'reasoning.summary', 'reasoning_summary'];
const redactedTypes = ['redacted_thinking', 'redacted_reasoning'];
const notText = [
  'tool_use',
  'tool_call',
  'tool-call',
  'function_call',
  'image',
  'image_url',
  'audio',
  'server_tool_use',
  'refusal',
  'step-start',
  'step-finish',
];
const textKeys = ['text', 'value', 'content', 'output_text', 'input_text'];
const reasoningKeys = ['thinking', 'reasoning', 'thought', 'text', 'value', 'content'];

export function readBlocks(blocks: readonly unknown[]): readonly BlockPiece[] {
  const pieces: BlockPiece[] = [];
  for (const block of blocks) {
    const piece = readBlock(block);
    const last = pieces.at(-1);
    if (!piece) continue;
    if (last?.kind === 'text' && piece.kind === 'text')
      pieces[pieces.length - 1] = { ...last, text: last.text + piece.text };
    else if (last?.kind === 'reasoning' && piece.kind === 'reasoning') pieces[pieces.length - 1] = joined(last, piece);
    else pieces.push(piece);
  }
  return pieces;
}

type ReasoningPiece = Extract<BlockPiece, { kind: 'reasoning' }>;

/** Summaries are paragraphs of their own; real reasoning is continued where it stopped. */
function joined(a: ReasoningPiece, b: ReasoningPiece): BlockPiece {
  const between = a.opaque !== null && b.opaque !== null && a.text !== '' && b.text !== '' ? '\n\n' : '';
  return { kind: 'reasoning', text: a.text + between + b.text, opaque: a.opaque ?? b.opaque };
}

function readBlock(block: unknown): BlockPiece | null {
  if (typeof block === 'string') return { kind: 'text', text: block };
  if (!isObject(block)) return null;
  const type = (firstText(block, ['type', 'block_type', 'part_kind', 'content_type']) ?? '').toLowerCase();
  if (redactedTypes.includes(type)) return { kind: 'reasoning', text: '', opaque: opaqueReasons.redacted };
  if (type === 'reasoning.encrypted') return { kind: 'reasoning', text: '', opaque: opaqueReasons.encrypted };
  if (summaryTypes.includes(type)) {
    return { kind: 'reasoning', text: firstText(block, ['summary', 'text']) ?? '', opaque: opaqueReasons.summary };
  }
  // Gemini marks a part; what it gives out are summaries.
  if (block.thought === true) return { kind: 'reasoning', text: text(block.text) ?? '', opaque: opaqueReasons.summary };
  // Bedrock names its blocks by their only member.
  const bedrock = block.reasoningContent;
  if (isObject(bedrock)) {
    const words = text(at(bedrock, 'reasoningText', 'text'));
    return { kind: 'reasoning', text: words ?? '', opaque: words === null ? opaqueReasons.redacted : null };
  }
  // Exports of ChatGPT hold summaries with titles.
  if (type === 'thoughts') return { kind: 'reasoning', text: summaries(block), opaque: opaqueReasons.summary };
  if (reasoningTypes.includes(type)) return readReasoning(block);
  if (notText.includes(type)) return null;
  const visible = joinedText(block, textKeys);
  return visible === null ? null : { kind: 'text', text: visible };
}

const summaries = (block: unknown): string =>
  list(member(block, 'thoughts'))
    .map((thought) => firstText(thought, ['content', 'summary']) ?? '')
    .join('\n\n');

function readReasoning(block: Readonly<Record<string, unknown>>): BlockPiece {
  const reasoning = joinedText(block, reasoningKeys);
  const summary = joinedText(block, ['summary']);
  const hidden = block.encrypted_content !== undefined || block.redacted === true;
  if (block.redacted === true || (reasoning === null && summary !== null && summary !== '')) {
    return { kind: 'reasoning', text: summary ?? '', opaque: summary ? opaqueReasons.summary : opaqueReasons.redacted };
  }
  if (reasoning === null || reasoning === '') {
    const signed = typeof block.signature === 'string';
    const opaque = hidden ? opaqueReasons.encrypted : signed ? opaqueReasons.omitted : null;
    return { kind: 'reasoning', text: '', opaque };
  }
  return { kind: 'reasoning', text: reasoning, opaque: null };
}

/** A member's text: a string, or the texts of its list (`thinking: [{ type: 'text', text }]`). */
function joinedText(block: unknown, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = member(block, key);
    if (typeof value === 'string') return value;
    const parts = list(value).map((part) => text(part) ?? text(at(part, 'text')));
    const separator = key === 'summary' ? '\n\n' : '';
    if (parts.length > 0 && parts.every((part) => part !== null)) return parts.join(separator);
  }
  return null;
}
