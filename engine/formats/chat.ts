// Owns OpenAI-style chat: completions (`choices[].message`) and conversations (`messages[]`, ShareGPT's `conversations[]`), with the
// reasoning in `reasoning_content`, `reasoning`, `reasoning_details`, blocks or inline tags.
import { asReplies, asTurns } from './conversation';
import { exchangeOf } from './exchange';
import type { Format } from './format';
import { isMessage } from './message';
import { firstText, isObject, type JsonObject, list, member, samplingOf, shortFields, text } from './shape';

const conversationKeys = ['messages', 'conversations', 'conversation', 'chat', 'dialog', 'history', 'turns'];
const replyKeys = ['response', 'completion', 'output', 'assistant', 'generated', 'model_output'];
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

export const chat: Format = {
  id: 'chat',
  title: 'Chat messages and completions (OpenAI style)',
  framing: 'values',
  recognizes(record) {
    if (Array.isArray(record)) return record.length > 0 && record.every(isMessage) ? 40 : 0;
    if (isMessage(record)) return 10;
    const { response } = exchangeOf(record);
    const replies = choiceMessages(response);
    return replies.length > 0 ? 50 : messagesOf(record).length > 0 ? 40 : 0;
  },
  read(record) {
    if (Array.isArray(record) || isMessage(record))
      return asTurns(asReplies(list(record), Array.isArray(record) ? [] : [record]), {});
    const { request, response } = exchangeOf(record);
    const choices = choiceMessages(response);
    const prompt = promptOf(request, record);
    const replies = choices.length > 0 ? choices : repliesIn(record, prompt);
    return asTurns(asReplies(prompt, replies), {
      statedAnswer: firstText(record, answerKeys),
      model: text(response.model) ?? text(request.model) ?? text(member(record, 'model')),
      sampling: samplingOf(request, member(record, 'sampling_params'), member(record, 'generation_config'), record),
      fields: isObject(record) ? shortFields(record, ['model', ...answerKeys, 'object', 'system_fingerprint']) : {},
    });
  },
};

function choiceMessages(response: JsonObject): readonly unknown[] {
  const choices = list(response.choices)
    .map(
      (choice) =>
        member(choice, 'message') ??
        member(choice, 'delta') ??
        (text(member(choice, 'text')) !== null ? choice : undefined),
    )
    .filter((message) => message !== undefined);
  // Ollama, Cohere and Bedrock give one message and no choices.
  const single = response.message ?? member(response.output, 'message');
  return choices.length > 0 || !isMessage(single) ? choices : [single];
}

/** The record's conversation; the first of the known keys that holds messages. */
export function messagesOf(record: unknown): readonly unknown[] {
  for (const key of conversationKeys) {
    const messages = list(member(record, key));
    if (messages.length > 0 && messages.every(isMessage)) return messages;
  }
  return [];
}

function promptOf(request: JsonObject, record: unknown): readonly unknown[] {
  const messages = messagesOf(request).length > 0 ? messagesOf(request) : messagesOf(record);
  const prompt = messages.length > 0 ? messages : promptField(request.prompt ?? member(record, 'prompt'));
  const system = firstText(request, ['system', 'instructions', 'system_prompt']);
  const hasSystem = prompt.some((message) => member(message, 'role') === 'system');
  return system === null || system === '' || hasSystem ? prompt : [{ role: 'system', content: system }, ...prompt];
}

function promptField(prompt: unknown): readonly unknown[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }];
  return list(prompt).every(isMessage) ? list(prompt) : [];
}

/** Replies that stand beside the conversation; none when the conversation holds them itself. */
function repliesIn(record: unknown, prompt: readonly unknown[]): readonly unknown[] {
  if (prompt.length > 0 && member(prompt.at(-1), 'role') === 'assistant') return [];
  const beside = firstText(record, reasoningBeside) !== null;
  for (const key of beside ? [...replyKeys, ...answersBeside] : replyKeys) {
    const reply = member(record, key);
    if (typeof reply === 'string' && reply !== '') return [besideReasoning(record, reply)];
    if (isMessage(reply)) return [reply];
    if (list(reply).length > 0 && list(reply).every(isMessage)) return list(reply);
  }
  return [];
}

/** Reasoning in a field of the record, next to the reply's text. */
function besideReasoning(record: unknown, content: string): unknown {
  const reasoning = firstText(record, reasoningBeside);
  return { role: 'assistant', content, ...(reasoning === null ? {} : { reasoning_content: reasoning }) };
}
