// Owns Inspect's logs: `samples[]` with messages whose content holds reasoning blocks; long strings may be attachments.
// A log that lies in a ZIP comes as one record a sample, in the same shape.

import type { Format, ReadTurn } from './format';
import { asReplies, asTurns } from './parts/conversation';
import { at, isObject, type JsonObject, list, member, samplingOf, shortFields, text } from './parts/shape';

const attachmentPrefix = 'attachment://';
const longestAnswer = 100;

export const inspect: Format = {
  id: 'inspect',
  title: 'Inspect log',
  framing: 'values',
  recognizes: (record) => (isObject(member(record, 'eval')) && member(record, 'version') !== undefined ? 90 : 0),
  read(record) {
    const turns = list(member(record, 'samples')).flatMap((sample) =>
      isObject(sample) ? sampleTurns(record, sample) : [],
    );
    return turns.map((turn, index) => ({ ...turn, turn: index }));
  },
};

function sampleTurns(log: unknown, sample: JsonObject): readonly ReadTurn[] {
  const resolve = resolver(sample);
  const messages = list(sample.messages).map(resolve);
  const reply = list(at(sample.output, 'choices')).map((choice) => resolve(member(choice, 'message')));
  const answered = messages.some((message) => member(message, 'role') === 'assistant');
  const prompt = messages.length > 0 ? messages : inputOf(resolve(sample.input));
  return asTurns(asReplies(prompt, answered ? [] : reply), {
    statedAnswer: statedAnswer(sample),
    model: text(at(sample.output, 'model')) ?? text(at(log, 'eval', 'model')),
    sampling: samplingOf(at(log, 'plan', 'config'), at(log, 'eval', 'model_generate_config')),
    fields: { ...shortFields(sample, ['uuid']), ...scoresOf(sample) },
  });
}

const inputOf = (input: unknown): readonly unknown[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : list(input);

/** Puts attachments back where a message refers to them. */
function resolver(sample: JsonObject): (value: unknown) => unknown {
  const resolve = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string' && value.startsWith(attachmentPrefix)) {
      return text(member(sample.attachments, value.slice(attachmentPrefix.length))) ?? value;
    }
    if (depth === 0) return value;
    if (Array.isArray(value)) return value.map((item) => resolve(item, depth - 1));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, depth - 1)]));
  };
  return (value) => resolve(value, 5);
}

function statedAnswer(sample: JsonObject): string | null {
  const scores = isObject(sample.scores) ? Object.values(sample.scores) : [sample.score];
  const answer = text(member(scores[0], 'answer'));
  return answer !== null && answer !== '' && answer.length <= longestAnswer ? answer : null;
}

function scoresOf(sample: JsonObject): ReadTurn['fields'] {
  if (!isObject(sample.scores)) return {};
  const values = Object.entries(sample.scores).map(([name, score]) => [`score ${name}`, member(score, 'value')]);
  return shortFields(Object.fromEntries(values));
}
