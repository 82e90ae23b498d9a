// Owns turning a conversation into turns with reasoning: each with everything that was said before it.
// Must not know where a record keeps its messages.
import type { Message } from '../domain/example';
import type { Trace } from '../domain/trace';
import type { ReadTurn } from './format';
import { type ReadMessage, readMessage } from './message';

/** What all turns of a record share. */
export type RecordFacts = {
  readonly statedAnswer?: string | null;
  readonly model?: string | null;
  readonly sampling?: 'greedy' | 'sampled' | 'unknown';
  readonly fields?: ReadTurn['fields'];
};

type Found = { readonly messages: readonly Message[]; readonly trace: Trace; readonly opaque: string | null };

/** Every stretch of reasoning in a conversation, in order. */
export function tracesIn(messages: readonly ReadMessage[]): readonly Found[] {
  const found: Found[] = [];
  const before: Message[] = [];
  for (const message of messages) {
    for (const segment of message.segments) found.push(asTurn(before, segment));
    before.push({ role: message.role, content: message.content });
  }
  return found;
}

function asTurn(before: readonly Message[], segment: ReadMessage['segments'][number]): Found {
  const said = segment.said === '' ? [] : [{ role: 'assistant', content: segment.said }];
  return { messages: [...before, ...said], trace: segment.trace, opaque: segment.opaque };
}

export const readMessages = (messages: readonly unknown[]): readonly ReadMessage[] =>
  messages.map((message) => readMessage(message));

/** Turns numbered from 0. The stated answer belongs to the record's last turn. */
export function asTurns(found: readonly Found[], facts: RecordFacts): readonly ReadTurn[] {
  return found.map((one, turn) => ({
    turn,
    messages: one.messages,
    trace: one.trace,
    statedAnswer: turn === found.length - 1 ? (facts.statedAnswer ?? null) : null,
    model: facts.model ?? null,
    sampling: facts.sampling ?? 'unknown',
    opaque: one.opaque,
    fields: facts.fields ?? {},
  }));
}

/** A prompt and several replies to it: each reply is judged by itself. */
export function asReplies(prompt: readonly unknown[], replies: readonly unknown[]): readonly Found[] {
  const before = readMessages(prompt);
  const earlier = tracesIn(before);
  return [
    ...earlier,
    ...replies.flatMap((reply) => tracesIn([...before, readMessage(reply, 'assistant')]).slice(earlier.length)),
  ];
}
