// Owns rows whose fields are named for what they hold: prompt, reasoning, answer (JSON lines, CSV, Parquet), or prompt and replies with
// tags inside (OpenR1 generations, preference pairs, Alpaca, vLLM outputs). Several reasonings with a prefix each are examples each.

import { answerKeys, messagesOf } from './chat';
import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { isMessage, isMessages, roleOf } from './parts/dialect';
import { splitInlineTags } from './parts/inlineTags';
import { readMessage } from './parts/message';
import { messagesInText } from './parts/promptText';
import { firstText, isObject, type JsonObject, list, samplingOf, shortFields, text } from './parts/shape';

const promptKeys = [
  'prompt',
  'question',
  'problem',
  'instruction',
  'query',
  'input',
  'inputs',
  'user',
  'task',
  'doc',
  'user_prompt',
  'full_prompt',
];
const systemKeys = ['system', 'system_prompt', 'system_message'];
const answerTexts = [
  'raw_response',
  'response',
  'response_text',
  'answer_text',
  'external_output',
  'output',
  'completion',
  'attempt',
  'model_output',
  'model_response',
  'model_answer',
  'predicted_answer',
  'predicted',
  'prediction',
  'final_answer',
  'content',
  'answer',
  'solution',
  'text',
  'result',
  'verdict',
  'decision',
];
const replyKeys = [
  'generations',
  'generation',
  'outputs',
  'samples',
  'completions',
  'responses',
  'chosen',
  'rejected',
  'response',
  'completion',
  'output',
  'raw_response',
  'raw_output',
  'sampled',
  'prediction',
  'predictions',
  'model_outputs',
  'output_text',
  'response_text',
  'conversation_a',
  'conversation_b',
  'full_response',
  'model_output',
  'generated_text',
  'assistant',
  'text',
  'solution',
  'answer',
  'full_text',
];
/** The other one of the pair follows. */
const firstOfPair = ['chosen', 'conversation_a'];
const reasoningKey =
  /^(?:(.+?)[_ -])?(?:reasoning(?:_content)?|internal_reasoning|think(?:ing)?|thoughts?|cot|chain[_ -]?of[_ -]?thoughts?|rationale|scratchpad|reasoning_traces?|traces?|thinking_trajector(?:y|ies)|reasoning_steps)(?:_(?:text|trace|snippet|raw|content))?$/i;

export const fields: Format = {
  id: 'fields',
  title: 'Rows with prompt, reasoning and answer fields',
  framing: 'values',
  recognizes(record) {
    if (!isObject(record)) return 0;
    const named = reasoningFields(record).length > 0;
    const prompted = promptOf(record).length > 0;
    if (named) return prompted ? 30 : 20;
    return repliesOf(record).some((reply) => readMessage(reply, 'assistant').segments.length > 0)
      ? prompted
        ? 25
        : 15
      : 0;
  },
  read(record) {
    if (!isObject(record)) return [];
    const prompt = promptOf(record);
    const named = reasoningFields(record);
    const replies =
      named.length > 0 ? named.map(({ name, prefix }) => namedReply(record, name, prefix)) : repliesOf(record);
    return asTurns(asReplies(prompt, replies), {
      statedAnswer: firstText(record, answerKeys),
      model: firstText(record, ['model', 'model_id', 'model_name', 'generator']),
      sampling: samplingOf(record, record.sampling_params),
      fields: shortFields(record, ['model', 'prompt']),
    });
  },
};

/** Fields that are called reasoning and hold text; `prefix` tells several of them apart (`baseline_reasoning`). */
function reasoningFields(record: JsonObject): readonly { readonly name: string; readonly prefix: string | null }[] {
  const found: { name: string; prefix: string | null }[] = [];
  for (const [name, value] of Object.entries(record)) {
    const match = value === null || joined(value) !== null ? reasoningKey.exec(plainName(name)) : null;
    if (match) found.push({ name, prefix: plainName(name) === 'internal_reasoning' ? null : (match[1] ?? null) });
  }
  return found;
}

function namedReply(record: JsonObject, name: string, prefix: string | null): unknown {
  const candidates =
    prefix === null ? answerTexts : [...answerTexts.map((key) => `${prefix}_${key}`.toLowerCase()), ...answerTexts];
  const content =
    firstTextAnyCase(
      record,
      candidates.filter((key) => key !== name),
    ) ?? '';
  return { role: 'assistant', content, reasoning_content: joined(record[name]) ?? '' };
}

/** A text, or the one text of a list. Several texts are different attempts, and which belongs to the answer is not known. */
function joined(value: unknown): string | null {
  return text(value) ?? (list(value).length === 1 ? text(list(value)[0]) : null);
}

/** `Final Answer`, `finalAnswer` and `final-answer` are all `final_answer`. */
const plainName = (name: string): string =>
  name
    .replace(/([a-z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase();

function firstTextAnyCase(record: JsonObject, keys: readonly string[]): string | null {
  const names = new Map(Object.keys(record).map((name) => [plainName(name), name]));
  for (const key of keys) {
    const name = names.get(key);
    const value = name === undefined ? null : text(record[name]);
    if (value !== null) return value;
  }
  return null;
}

/** What was asked, as the fields of a row are named. */
export function promptOf(record: JsonObject): readonly unknown[] {
  const system = firstTextAnyCase(record, systemKeys);
  const before = system === null || system === '' ? [] : [{ role: 'system', content: system }];
  for (const messages of [
    messagesOf(record),
    list(record.prompt),
    list(record.input),
    list(record.context),
    beforeReply(record.chosen),
    beforeReply(record.conversation_a),
  ]) {
    if (isQuestion(messages)) return [...before, ...messages];
  }
  const prompt = firstTextAnyCase(record, promptKeys);
  if (prompt === null) return [...before, ...(Object.values(record).find(isQuestion) ?? [])];
  // Alpaca: the instruction's input follows it.
  const input = text(record.instruction) === prompt ? text(record.input) : null;
  return [...before, ...messagesInText(input ? `${prompt}\n\n${input}` : prompt)];
}

/** Messages that nobody has answered yet. */
const isQuestion = (value: unknown): value is readonly JsonObject[] =>
  isMessages(value) && roleOf(value.at(-1)) !== 'assistant';

/** In preference pairs of whole conversations, both begin with the same prompt. */
function beforeReply(conversation: unknown): readonly unknown[] {
  const messages = list(conversation);
  const last = messages.map(roleOf).lastIndexOf('assistant');
  return messages.slice(0, Math.max(0, last));
}

/** Replies as texts, lists of texts or of `{ text }`, or messages; the first field that holds reasoning decides, pairs give both. */
function repliesOf(record: JsonObject): readonly unknown[] {
  const found: unknown[] = [];
  for (const key of replyKeys) {
    const replies = repliesIn(record[key]);
    if (replies.some((reply) => readMessage(reply, 'assistant').segments.length > 0)) found.push(...replies);
    if (found.length > 0 && !firstOfPair.includes(key)) return found;
  }
  return found.length > 0 ? found : Object.values(record).filter(isWholeTurn);
}

/** A text under any name that holds a whole pair of tags. */
function isWholeTurn(value: unknown): boolean {
  const frame = typeof value === 'string' ? splitInlineTags(value)?.frame : null;
  return frame !== null && frame !== undefined && frame.open !== '' && frame.close !== '';
}

function repliesIn(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [{ role: 'assistant', content: value }];
  if (isObject(value))
    return isMessage(value) || typeof value.text === 'string' ? [{ role: 'assistant', ...value }] : [];
  const items = list(value);
  if (isMessages(items)) {
    return items.filter((item) => roleOf(item) === 'assistant').slice(-1);
  }
  return items.flatMap((item) => (Array.isArray(item) ? [] : repliesIn(item)));
}
