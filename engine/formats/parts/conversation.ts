// Owns turning a conversation into turns with reasoning: each with everything that was said before it.
// Must not know where a record keeps its messages.
import type { Message } from '../../domain/example';
import type { Trace } from '../../domain/trace';
import type { ReadTurn } from '../format';
import { split, thinkingRole } from './dialect';
import { type ReadMessage, readMessage, type Segment } from './message';
import { isObject, member, text } from './shape';

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
    if (message.role === 'assistant') for (const segment of message.segments) found.push(asTurn(before, segment));
    before.push({ role: message.role, content: message.content });
  }
  return found;
}

function asTurn(before: readonly Message[], segment: Segment): Found {
  const said = segment.said === '' ? [] : [{ role: 'assistant', content: segment.said }];
  return { messages: [...before, ...said], trace: segment.trace, opaque: segment.opaque };
}

/** Messages in order; one that is all reasoning is the reasoning of the reply behind it. */
export function readMessages(messages: readonly unknown[]): readonly ReadMessage[] {
  const read: ReadMessage[] = [];
  let thought: ReadMessage | null = null;
  for (const message of messages.flatMap(split).map((one) => readMessage(one))) {
    if (message.role === thinkingRole) {
      if (thought) read.push(thinkingAloud(thought, ''));
      thought = message;
    } else if (thought && message.role === 'assistant') {
      read.push(thinkingAloud(thought, message.content));
      thought = null;
    } else {
      if (thought) read.push(thinkingAloud(thought, ''));
      thought = null;
      read.push(message);
    }
  }
  return thought ? [...read, thinkingAloud(thought, '')] : read;
}

function thinkingAloud(thought: ReadMessage, answerText: string): ReadMessage {
  const [inside] = thought.segments;
  const reasoning = thought.content === '' ? (inside?.trace.reasoning ?? '') : thought.content;
  const segment = { said: '', trace: { reasoning, frame: null, answerText }, opaque: inside?.opaque ?? null };
  return { role: 'assistant', content: answerText, segments: reasoning.trim() === '' ? [] : [segment] };
}

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
  const prefix = replies.length > 0 ? prefixOf(prompt.at(-1)) : null;
  const before = readMessages(prefix === null ? prompt : prompt.slice(0, -1));
  const earlier = tracesIn(before);
  return [
    ...earlier,
    ...replies.flatMap((reply) => {
      const whole = prefix === null ? reply : continued(prefix, reply);
      return tracesIn([...before, readMessage(whole, 'assistant')]).slice(earlier.length);
    }),
  ];
}

/** Where the prompt ends with the beginning of the reply (an opening tag, say), that beginning. */
const prefixOf = (message: unknown): string | null =>
  member(message, 'prefix') === true ? text(member(message, 'content')) : null;

/** The turn is what the prompt began and the reply went on with. */
function continued(prefix: string, reply: unknown): unknown {
  if (typeof reply === 'string') return prefix + reply;
  const key = ['content', 'text', 'value'].find((one) => typeof member(reply, one) === 'string');
  return isObject(reply) && key !== undefined ? { ...reply, [key]: prefix + String(reply[key]) } : reply;
}
