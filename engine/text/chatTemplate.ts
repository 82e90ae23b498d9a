// Owns rendering messages by a model's chat template. Pure; must not know files or tokens' ids.
import { Template } from '@huggingface/jinja';
import { UserError } from '../domain/failure';

/** Values that templates expect besides the messages: `bos_token`, `eos_token`, … */
export type TemplateContext = Readonly<Record<string, unknown>>;

export type TemplateMessage = Readonly<Record<string, string>>;

export type RenderTemplate = (messages: readonly TemplateMessage[], addGenerationPrompt: boolean) => string;

/**
 * The date function that some templates ask for is left out on purpose: they fall back to a fixed date, so that a prompt does not
 * depend on the day.
 * @throws UserError when the template does not parse.
 */
export function chatTemplate(source: string, context: TemplateContext): RenderTemplate {
  const template = attempt('The chat template does not parse', () => new Template(source));
  return (messages, addGenerationPrompt) =>
    attempt('The chat template refuses these messages', () =>
      template.render({ ...context, messages, add_generation_prompt: addGenerationPrompt }),
    );
}

function attempt<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UserError(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
