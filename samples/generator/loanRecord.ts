// Owns how a sampled answer becomes a record: the loan file's fields, and a chat record with a reasoning field.
// Must not know engines.
import type { LoanMessage } from './applicant';
import type { Stance } from './loanWorld';

/** `<reasoning>`, the span with its two line breaks, `</reasoning>`, and the recommendation in tags of its own. */
const responsePattern =
  /^<reasoning>(\n[^<]+\n)<\/reasoning>\n\n<recommendation>\n(approve|reject)\n<\/recommendation>$/;

export type LoanResponse = {
  readonly text: string;
  /** Between the tags, both line breaks included. */
  readonly reasoning: string;
  readonly answer: Stance;
};

/** `null` when the model did not keep to the format. */
export function readResponse(text: string): LoanResponse | null {
  const match = responsePattern.exec(text);
  return match ? { text, reasoning: match[1] as string, answer: match[2] as Stance } : null;
}

export function loanRecord(messages: readonly LoanMessage[], response: LoanResponse, correct: Stance): object {
  const predicted = response.answer;
  return {
    prompt: pythonMessages(messages),
    response: response.text,
    predicted,
    correct,
    is_correct: predicted === correct,
    is_formatted: true,
  };
}

/** As servers that split the reasoning off return it: the trace without the tags' lines. */
export function chatRecord(messages: readonly LoanMessage[], response: LoanResponse, model: string): object {
  const content = response.text.slice(response.text.indexOf('<recommendation>'));
  const answer = { role: 'assistant', content, reasoning_content: response.reasoning.trim() };
  return { messages: [...messages, answer], model };
}

/** Python's `repr` of a list of dicts, which is how such files hold their prompts. */
function pythonMessages(messages: readonly LoanMessage[]): string {
  const items = messages.map(
    ({ role, content }) => `{'content': ${pythonString(content)}, 'role': ${pythonString(role)}}`,
  );
  return `[${items.join(', ')}]`;
}

/** Python prefers single quotes, and takes double ones for a text that holds an apostrophe and no double quote. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`);
  return quote + escaped + quote;
}
