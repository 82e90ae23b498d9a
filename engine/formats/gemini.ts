// Owns Gemini's contents: parts marked as thought, in candidates, alone or beside their request.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { exchangeOf } from './parts/exchange';
import { at, list, member, samplingOf, shortFields, text } from './parts/shape';

export const gemini: Format = {
  id: 'gemini',
  title: 'Gemini contents with thought parts',
  framing: 'values',
  recognizes(record) {
    const { request, response } = exchangeOf(record);
    if (list(response.candidates).some((one) => Array.isArray(at(one, 'content', 'parts')))) return 70;
    return list(request.contents).some((one) => Array.isArray(member(one, 'parts'))) ? 60 : 0;
  },
  read(record) {
    const { request, response } = exchangeOf(record);
    const system = list(at(request.systemInstruction ?? request.system_instruction, 'parts'))
      .map((part) => text(member(part, 'text')) ?? '')
      .join('');
    const prompt = [...(system === '' ? [] : [{ role: 'system', content: system }]), ...list(request.contents)];
    const replies = list(response.candidates).map((candidate) => member(candidate, 'content'));
    return asTurns(asReplies(prompt, replies), {
      model: text(response.modelVersion) ?? text(request.model),
      sampling: samplingOf(request.generationConfig),
      fields: shortFields(response, ['modelVersion']),
    });
  },
};
