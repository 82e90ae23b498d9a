// Owns ATIF trajectories: steps of user, agent and system, with the agent's reasoning in a field of its own or inside its message.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { at, isObject, list, member, shortFields, text } from './parts/shape';

export const atif: Format = {
  id: 'atif',
  title: 'Agent trajectory (ATIF)',
  framing: 'values',
  recognizes: (record) =>
    (text(member(record, 'schema_version')) ?? '').startsWith('ATIF') && Array.isArray(member(record, 'steps'))
      ? 95
      : 0,
  read(record) {
    const messages = list(member(record, 'steps')).flatMap(stepMessages);
    const agent = member(record, 'agent');
    return asTurns(asReplies(messages, []), {
      model: text(member(agent, 'model_name')),
      fields: isObject(record) ? { ...shortFields(record), agent: text(member(agent, 'name')) } : {},
    });
  },
};

const roles: Readonly<Record<string, string>> = { agent: 'assistant', user: 'user', system: 'system' };

/** What a step says, and what came back from its tools. */
function stepMessages(step: unknown): readonly unknown[] {
  const role = roles[text(member(step, 'source')) ?? ''] ?? 'user';
  const content = member(step, 'message');
  const reasoning = text(member(step, 'reasoning_content'));
  const said = { role, content: content ?? '', ...(reasoning === null ? {} : { reasoning_content: reasoning }) };
  const results = list(at(step, 'observation', 'results'))
    .map((result) => text(member(result, 'content')) ?? '')
    .filter((result) => result !== '');
  return [said, ...results.map((result) => ({ role: 'tool', content: result }))];
}
