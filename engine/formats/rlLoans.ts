// Owns evaluation rows whose prompt is the Python repr of a message list and whose response holds the tags (rl_loans).
import { UserError } from '../domain/failure';
import type { Format } from './format';
import { asTurns, readMessages, tracesIn } from './parts/conversation';
import { isMessage } from './parts/dialect';
import { readMessage } from './parts/message';
import { parsePythonLiteral } from './parts/pythonLiteral';
import { isObject, list, member, samplingOf, shortFields, text } from './parts/shape';

/** A list of messages as Python prints it starts so. */
const reprForm = /^\s*\[\s*\{\s*['"](?:role|content)['"]\s*:/;

export const rlLoans: Format = {
  id: 'rl_loans',
  title: 'Evaluation rows with a Python-printed prompt (rl_loans)',
  framing: 'values',
  recognizes(record) {
    const prompt = member(record, 'prompt');
    if (typeof member(record, 'response') !== 'string') return 0;
    if (typeof prompt === 'string') return reprForm.test(prompt) ? 100 : 0;
    const named = ['predicted', 'is_formatted', 'is_correct'].some((key) => member(record, key) !== undefined);
    return named && list(prompt).length > 0 && list(prompt).every(isMessage) ? 80 : 0;
  },
  read(record) {
    const response = text(member(record, 'response'));
    if (!isObject(record) || response === null) throw new UserError('the field "response" is missing or is no text');
    const messages = [...readMessages(promptMessages(record.prompt)), readMessage(response, 'assistant')];
    const predicted = text(record.predicted);
    return asTurns(tracesIn(messages), {
      statedAnswer: predicted === '' ? null : predicted,
      model: text(record.model),
      sampling: samplingOf(record),
      fields: shortFields(record, ['prompt', 'response', 'model']),
    });
  },
};

function promptMessages(prompt: unknown): readonly unknown[] {
  const parsed = typeof prompt === 'string' ? parsePrompt(prompt) : prompt;
  if (!Array.isArray(parsed) || !parsed.every(isMessage)) {
    throw new UserError('the field "prompt" is not a list of messages with role and content');
  }
  return parsed;
}

/** Python's repr, or JSON where somebody converted it. */
function parsePrompt(prompt: string): unknown {
  try {
    return parsePythonLiteral(prompt);
  } catch (error) {
    try {
      return JSON.parse(prompt);
    } catch {
      throw new UserError(`the field "prompt" is ${error instanceof Error ? error.message : 'malformed'}`);
    }
  }
}
