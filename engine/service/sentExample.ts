// Owns what a person is shown before a file first goes to another machine: one of its prompts, and about how much is asked. Asks no server.
import type { RunSpec } from '../domain/run';
import { examplesAt, summarizeFile } from './fileQueries';

export type SentExample = {
  /** The first prompt and the beginning of its reasoning, as text; empty: no example can be read. */
  readonly example: string;
  /** Both about: every condition and sample is asked for by itself, and a token has four characters. */
  readonly requests: number;
  readonly tokens: number;
};

const mostChars = 600;
const charsPerToken = 4;
/** Prompts are of similar lengths: so many tell the mean. */
const measured = 20;

export async function sentExample(spec: RunSpec, signal: AbortSignal): Promise<SentExample> {
  const sizes: number[] = [];
  let examples = 0;
  let example = '';
  for (const file of spec.files) {
    const summary = await summarizeFile(file, { signal });
    examples += summary.examples;
    const first = await examplesAt(
      file,
      Array.from({ length: Math.min(measured, summary.examples) }, (_, i) => i),
    );
    const texts = first.map(({ messages, trace }) =>
      [...messages.map(({ role, content }) => `${role}: ${content}`), `reasoning: ${trace.reasoning}`].join('\n\n'),
    );
    sizes.push(...texts.map((text) => text.length));
    if (example === '') example = shortened(texts[0] ?? '');
  }
  const chosen = Math.min(spec.only?.length ?? examples, spec.limit ?? examples);
  const requests = chosen * spec.conditions.length * spec.samples;
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length);
  return { example, requests, tokens: Math.round((requests * mean) / charsPerToken) };
}

const shortened = (text: string): string =>
  text.length > mostChars ? `${text.slice(0, mostChars).trimEnd()} …` : text;
