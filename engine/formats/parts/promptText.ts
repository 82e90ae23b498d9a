// Owns a prompt that is one text: plain words, a chat that somebody printed as JSON or Python into a string, or one that a chat template
// rendered. Must not know where a record keeps it.
import { isMessages } from './dialect';
import { parsePythonLiteral } from './pythonLiteral';
import { renderedConversation } from './renderedPrompt';

const listForm = /^\s*\[\s*\{\s*['"]/;

/**
 * The messages that the text prints; the text as the user's message where it is just words. A rendered prompt may end inside the reply;
 * what it has of that is then the last message, marked as a prefix.
 */
export function messagesInText(prompt: string): readonly unknown[] {
  const printed = listForm.test(prompt) ? printedMessages(prompt) : null;
  if (printed) return printed;
  const rendered = renderedConversation(prompt);
  if (!rendered) return [{ role: 'user', content: prompt }];
  const { messages, prefix } = rendered;
  return prefix ? [...messages, { role: 'assistant', content: prefix, prefix: true }] : messages;
}

function printedMessages(prompt: string): readonly unknown[] | null {
  for (const parse of [JSON.parse, parsePythonLiteral]) {
    try {
      const messages: unknown = parse(prompt);
      if (isMessages(messages)) return messages;
    } catch {
      // A prompt may look like a list and be none.
    }
  }
  return null;
}

/** All messages of a text that holds a whole rendered conversation, replies included; `null` where it holds none. */
export function conversationInText(whole: string): readonly unknown[] | null {
  const rendered = renderedConversation(whole);
  if (!rendered) return null;
  const { messages, prefix } = rendered;
  const all =
    prefix === null || prefix.trim() === '' ? messages : [...messages, { role: 'assistant', content: prefix }];
  return all.some((message) => message.role === 'assistant') ? all : null;
}
