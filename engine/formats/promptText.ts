// Owns a prompt that is one text: plain words, or a chat that somebody printed as JSON or Python into a string.
// Must not know where a record keeps it.
import { isMessage } from './message';
import { parsePythonLiteral } from './pythonLiteral';

const listForm = /^\s*\[\s*\{\s*['"]/;

/** The messages that the text prints; the text as the user's message where it is just words. */
export function messagesInText(prompt: string): readonly unknown[] {
  if (listForm.test(prompt)) {
    for (const parse of [JSON.parse, parsePythonLiteral]) {
      try {
        const messages: unknown = parse(prompt);
        if (Array.isArray(messages) && messages.length > 0 && messages.every(isMessage)) return messages;
      } catch {
        // A prompt may look like a list and be none.
      }
    }
  }
  return [{ role: 'user', content: prompt }];
}
