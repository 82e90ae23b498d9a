// Owns Anthropic's messages: a reply whose content is a list of thinking, redacted_thinking and text blocks, alone or beside its request.

import { messagesOf, systemOf } from './chat';
import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { exchangeOf } from './parts/exchange';
import { isObject, samplingOf, shortFields, text } from './parts/shape';

export const anthropic: Format = {
  id: 'anthropic',
  title: 'Anthropic messages with thinking blocks',
  framing: 'values',
  recognizes(record) {
    const { response } = exchangeOf(record);
    return response.type === 'message' && Array.isArray(response.content) ? 70 : 0;
  },
  read(record) {
    const { request, response } = exchangeOf(record);
    const system = systemOf(request);
    const prompt = [...(system === '' ? [] : [{ role: 'system', content: system }]), ...messagesOf(request)];
    return asTurns(asReplies(prompt, [response]), {
      model: text(response.model) ?? text(request.model),
      sampling: samplingOf(request),
      fields: isObject(record) ? shortFields(response, ['model', 'type', 'role']) : {},
    });
  },
};
