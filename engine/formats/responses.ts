// Owns OpenAI's Responses items: reasoning, message and tool items behind one another, as a reply's output or a request's input.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { exchangeOf } from './parts/exchange';
import { at, firstText, isObject, list, member, samplingOf, shortFields, text } from './parts/shape';

const itemTypes = ['reasoning', 'message', 'function_call'];

export const responses: Format = {
  id: 'responses',
  title: 'OpenAI Responses items',
  framing: 'values',
  recognizes(record) {
    if (list(record).some(isReasoningItem)) return 70;
    const { request, response } = exchangeOf(record);
    if (response.object === 'response') return 70;
    const items = [...list(response.output), ...list(request.input)];
    return items.some(isReasoningItem) ? 60 : 0;
  },
  read(record) {
    if (Array.isArray(record)) return asTurns(asReplies(messagesOfItems(record), []), {});
    const { request, response } = exchangeOf(record);
    const system = firstText(request, ['instructions']) ?? firstText(response, ['instructions']);
    const prompt = [...(system === null ? [] : [{ role: 'system', content: system }]), ...inputOf(request)];
    return asTurns(asReplies(prompt, messagesOfItems(list(response.output))), {
      model: text(response.model) ?? text(request.model),
      sampling: samplingOf(request, response),
      fields: isObject(record)
        ? shortFields(response, ['model', 'object', 'instructions', 'previous_response_id'])
        : {},
    });
  },
};

const isReasoningItem = (item: unknown): boolean =>
  member(item, 'type') === 'reasoning' &&
  (Array.isArray(member(item, 'summary')) || Array.isArray(member(item, 'content')));

function inputOf(request: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { input } = request;
  return typeof input === 'string' ? [{ role: 'user', content: input }] : messagesOfItems(list(input));
}

/** Neighboring items of the assistant are one message of several blocks. */
export function messagesOfItems(items: readonly unknown[]): readonly unknown[] {
  const messages: { role: string; content: unknown[] }[] = [];
  for (const item of items) {
    const type = text(member(item, 'type')) ?? 'message';
    const role = itemTypes.includes(type) ? (text(member(item, 'role')) ?? 'assistant') : 'tool';
    const last = messages.at(-1);
    const blocks = blocksOf(item, type);
    if (role === 'assistant' && last?.role === 'assistant') last.content.push(...blocks);
    else messages.push({ role, content: [...blocks] });
  }
  return messages;
}

function blocksOf(item: unknown, type: string): readonly unknown[] {
  if (type !== 'message') return type === 'function_call_output' ? [text(at(item, 'output')) ?? ''] : [item];
  const content = member(item, 'content');
  return typeof content === 'string' ? [content] : list(content);
}
