// Owns lm-evaluation-harness sample rows: the prompt in `arguments` (text, or a JSON string of chat messages), replies in `resps`.

import type { Format } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { messagesInText } from './parts/promptText';
import { at, isObject, list, member, samplingOf, shortFields, text } from './parts/shape';

export const lmEval: Format = {
  id: 'lm_eval',
  title: 'lm-evaluation-harness samples',
  framing: 'values',
  recognizes: (record) =>
    member(record, 'doc_id') !== undefined &&
    member(record, 'resps') !== undefined &&
    member(record, 'arguments') !== undefined
      ? 90
      : 0,
  read(record) {
    const [argument, settings] = firstArguments(member(record, 'arguments'));
    const replies = stringsIn(member(record, 'resps'));
    const filtered = stringsIn(member(record, 'filtered_resps'));
    return asTurns(asReplies(promptOf(argument), replies), {
      statedAnswer: replies.length === 1 && filtered.length === 1 ? (filtered[0] ?? null) : null,
      sampling: samplingOf(settings),
      fields: isObject(record) ? shortFields(record, ['doc_hash', 'prompt_hash', 'target_hash']) : {},
    });
  },
};

/** `{ gen_args_0: { arg_0, arg_1 } }`, or in older files `[[prompt, settings]]`. */
function firstArguments(value: unknown): readonly [unknown, unknown] {
  const first = isObject(value) ? Object.values(value)[0] : list(value)[0];
  return isObject(first) ? [first.arg_0, first.arg_1] : [at(first, 0), at(first, 1)];
}

function promptOf(argument: unknown): readonly unknown[] {
  const prompt = text(argument) ?? text(at(argument, 0));
  if (prompt === null) return [];
  return messagesInText(prompt);
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return list(value).flatMap(stringsIn);
}
