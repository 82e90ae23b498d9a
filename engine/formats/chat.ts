// Owns OpenAI-style chat: completions (`choices[].message`) and conversations (`messages[]`, ShareGPT's `conversations[]`), with the
// reasoning in `reasoning_content`, `reasoning`, `reasoning_details`, blocks or inline tags.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { isMessage, isMessages, roleOf } from './parts/dialect';
import { exchangeOf, modelOf } from './parts/exchange';
import { conversationInText, messagesInText } from './parts/promptText';
import { at, firstText, isObject, type JsonObject, list, member, samplingOf, shortFields, text } from './parts/shape';

const conversationKeys = [
  'messages',
  'conversations',
  'conversation',
  'chat_messages',
  'chat',
  'dialog',
  'history',
  'turns',
  'generated_text',
];
/** Where rows for training keep a whole conversation as one text, rendered by a chat template. */
const renderedKeys = ['text', 'conversation', 'full_text', 'full_prompt_and_response', 'formatted', 'generated_text'];
const replyKeys = ['response', 'completion', 'output', 'outputs', 'assistant', 'generated', 'model_output', 'sampled'];
/** Where rows keep the reasoning, and then the answer, next to a conversation without them. */
const reasoningBeside = ['reasoning_content', 'reasoning', 'thinking'];
const answersBeside = ['answer', 'content', 'final_answer'];
export const answerKeys = [
  'predicted',
  'prediction',
  'model_answer',
  'predicted_answer',
  'parsed_answer',
  'extracted_answer',
];

/** Where clients and tracers keep how the reply was drawn. */
const settingsKeys = ['sampling_params', 'generation_config', 'model_parameters', 'modelParameters', 'kwargs'];

export const chat: Format = {
  id: 'chat',
  title: 'Chat messages and completions (OpenAI style)',
  framing: 'values',
  recognizes(record) {
    if (Array.isArray(record)) return 2 * spoken(record).length > record.length ? 40 : 0;
    if (isMessage(record)) return 10;
    const replies = choiceMessages(exchangeOf(record).response);
    return replies.length > 0 ? 50 : messagesOf(record).length > 0 ? 40 : 0;
  },
  read(record) {
    if (Array.isArray(record)) return asTurns(asReplies(spoken(record), []), { model: modelIn(record) });
    if (isMessage(record)) return asTurns(asReplies([], [record]), { model: modelIn([record]) });
    const exchange = exchangeOf(record);
    const { request, response } = exchange;
    const choices = choiceMessages(response);
    const prompt = promptOf(request, record);
    const replies = choices.length > 0 ? choices : repliesIn(record, prompt);
    return asTurns(asReplies(prompt, replies), {
      statedAnswer: firstText(record, answerKeys),
      model: modelOf(record, exchange) ?? modelIn(prompt),
      sampling: samplingOf(request, ...settingsKeys.map((key) => member(record, key)), record),
      fields: isObject(record) ? shortFields(record, ['model', ...answerKeys, 'object', 'system_fingerprint']) : {},
    });
  },
};

/** Histories may begin with a line about themselves. */
const spoken = (messages: readonly unknown[]): readonly unknown[] => messages.filter(isMessage);

/** Clients that switch models keep each message's own. */
function modelIn(messages: readonly unknown[]): string | null {
  const models = messages.map(
    (message) =>
      text(member(message, 'model')) ?? text(at(message, 'info', 'modelID')) ?? text(at(message, 'extra', 'model')),
  );
  return models.filter((model) => model !== null).at(-1) ?? null;
}

function choiceMessages(response: JsonObject): readonly unknown[] {
  const batches = list(response.generations).flat();
  const choices = [...list(response.choices), ...batches]
    .map(
      (choice) =>
        member(choice, 'message') ??
        member(choice, 'delta') ??
        (text(member(choice, 'text')) !== null ? choice : undefined),
    )
    .filter((message) => message !== undefined);
  // Ollama, Cohere and Bedrock give one message and no choices; tracers the message alone.
  const single = response.message ?? member(response.output, 'message') ?? response;
  return choices.length > 0 || !isMessage(single) ? choices : [single];
}

/** The record's conversation; the first of the known keys that holds messages. */
export function messagesOf(record: unknown): readonly unknown[] {
  for (const key of conversationKeys) {
    const messages = list(member(record, key));
    if (isMessages(messages)) return messages;
    // Tracers send messages in batches of one.
    if (messages.length === 1 && isMessages(messages[0])) return messages[0];
  }
  for (const key of renderedKeys) {
    const whole = text(member(record, key));
    const messages = whole === null ? null : conversationInText(whole);
    if (messages) return messages;
  }
  return [];
}

function promptOf(request: JsonObject, record: unknown): readonly unknown[] {
  const messages = messagesOf(request).length > 0 ? messagesOf(request) : messagesOf(record);
  const prompt = messages.length > 0 ? messages : promptField(request.prompt ?? member(record, 'prompt'));
  const system = systemOf(request);
  const hasSystem = prompt.some((message) => roleOf(message) === 'system');
  return system === '' || hasSystem ? prompt : [{ role: 'system', content: system }, ...prompt];
}

/** The system prompt beside the messages: a string, or a list of text blocks. */
export function systemOf(request: unknown): string {
  const words = firstText(request, ['system', 'instructions', 'system_prompt']);
  const blocks = list(member(request, 'system')).map((block) => text(member(block, 'text')) ?? '');
  return words ?? blocks.join('');
}

function promptField(prompt: unknown): readonly unknown[] {
  if (typeof prompt === 'string') return messagesInText(prompt);
  return list(prompt).every(isMessage) ? list(prompt) : [];
}

/** Replies that stand beside the conversation; none when the conversation holds them itself. */
function repliesIn(record: unknown, prompt: readonly unknown[]): readonly unknown[] {
  const last = prompt.at(-1);
  if (roleOf(last) === 'assistant' && member(last, 'prefix') !== true) return [];
  const beside = firstText(record, reasoningBeside) !== null;
  for (const key of beside ? [...replyKeys, ...answersBeside] : replyKeys) {
    const reply = member(record, key);
    if (typeof reply === 'string' && reply !== '') return [besideReasoning(record, reply)];
    if (isMessage(reply)) return [reply];
    if (isMessages(reply) || isTexts(reply)) return reply;
  }
  return [];
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');

/** Reasoning in a field of the record, next to the reply's text. */
function besideReasoning(record: unknown, content: string): unknown {
  const reasoning = firstText(record, reasoningBeside);
  return { role: 'assistant', content, ...(reasoning === null ? {} : { reasoning_content: reasoning }) };
}
