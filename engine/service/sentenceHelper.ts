// Owns having a model rewrite a sentence of a trace or a prompt: which model, what it is asked, and whether what it wrote is usable. Must not know edits.
import type { Example } from '../domain/example';
import { UserError } from '../domain/failure';
import type { MaterialSpec } from '../domain/material';
import { greedy } from '../domain/run';
import { stepsOf } from '../domain/steps';
import type { LoadedModel } from './backends';
import { continueOnce, type Made, nothingSpent, type Spent } from './continueOnce';
import { lostFact } from './keptFacts';
import { bundledModelId } from './models';
import { exampleSentences, type HelperWork, helperMessages } from './sentenceHelperPrompts';

/** A rewritten sentence may be so many times as long as the original, and a little more. */
const mostGrowth = 3;
const leastRoom = 160;

export class SentenceHelper {
  /** @param open loads the helper when the first sentence is asked for */
  constructor(private readonly open: () => Promise<LoadedModel>) {}

  /** @throws UserError when the helper is a model that cannot follow instructions */
  async rewrite(example: Example, spec: HelperSpec, signal: AbortSignal): Promise<Made> {
    const { backend, text } = await this.open();
    const { task } = spec;
    const { sentence, before } = sentenceOf(example, spec);
    const prompt = text.encode(text.render(helperMessages(spec, { sentence, before }))).ids;
    const room = backend.capabilities.contextTokens - prompt.length;
    const maxTokens = Math.min(room, 2 * text.encode(sentence).ids.length + 64);
    const origin = backend.model.id;
    const { reasoningTags } = text;
    if (maxTokens < 1) return unusable('the sentence does not fit the helper model’s context', origin, nothingSpent);
    const readout = { kind: 'continued', maxTokens, stopTexts: ['\n\n'] } as const;
    const leaf = {
      key: task,
      ids: prompt.slice(-1),
      readout,
      sampling: greedy,
      streams: [`helper/${task}/${spec.step}`],
    };
    const written = await continueOnce(backend, { prompt: prompt.slice(0, -1), leaves: [leaf] }, signal);
    const found = readSentence(written.text, reasoningTags.close.trim());
    const problem = problemOf(spec, { sentence, found });
    return problem
      ? unusable(problem, origin, written.spent)
      : { material: { text: found, origin }, spent: written.spent };
  }
}

type HelperSpec = Extract<MaterialSpec, { kind: 'helper' }>;

/** The sentence that is to be rewritten, and those before it. */
export function sentenceOf(
  { trace, messages }: Pick<Example, 'trace' | 'messages'>,
  { step, message }: HelperSpec,
): { readonly sentence: string; readonly before: readonly string[] } {
  const text = message === undefined ? trace.reasoning : (messages[message]?.content ?? '');
  const steps = stepsOf(text).map(({ start, end }) => text.slice(start, end).trim());
  return { sentence: steps[step - 1] ?? '', before: steps.slice(0, step - 1) };
}

function unusable(reason: string, origin: string, spent: Spent): Made {
  return { material: { text: null, reason, origin }, spent };
}

/** The first line that the helper wrote, behind its own reasoning if it reasons, without quotation marks around it. */
function readSentence(text: string, closeTag: string): string {
  const answer =
    closeTag !== '' && text.includes(closeTag) ? text.slice(text.indexOf(closeTag) + closeTag.length) : text;
  // "Here is the sentence:" announces it.
  const line = answer.split('\n').find((one) => one.trim() !== '' && !one.trimEnd().endsWith(':')) ?? '';
  return line
    .replace(/^(?:Rewritten|Sentence|Output|Answer)\s*:\s*/i, '')
    .replace(/^["“](.*)["”]$/, '$1')
    .trim();
}

const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Small models give an example of their instructions back. */
const isExample = (spec: HelperWork, found: string): boolean =>
  exampleSentences(spec).some((one) => fold(one) === fold(found));

/** Why what the helper wrote is no rewriting; `null` when it is. The example then takes no part, as in the paper. */
function problemOf(
  spec: HelperSpec,
  { sentence, found }: { readonly sentence: string; readonly found: string },
): string | null {
  const what = spec.task === 'mistake' ? 'mistake' : 'paraphrase';
  if (found === '') return `the helper model wrote no ${what}`;
  if (isExample(spec, found)) return `the helper model copied an example of its instructions instead of a ${what}`;
  if (fold(found) === fold(sentence)) return `the helper model gave the sentence back instead of a ${what}`;
  if (found.length > mostGrowth * sentence.length + leastRoom) return `the helper model wrote far more than a ${what}`;
  const lost = spec.task === 'paraphrase' ? lostFact(sentence, found) : null;
  if (lost !== null) return `the helper model’s paraphrase ${lost}`;
  return /^(?:i (?:can(?:no|')t|am unable)|i'm sorry|sorry\b|as an ai)/i.test(found)
    ? `the helper model refused to write a ${what}`
    : null;
}

/** @throws UserError for a model that was trained for one task and cannot follow instructions */
export function requireHelper(modelId: string, edits: readonly string[]): void {
  if (modelId !== bundledModelId) return;
  throw new UserError(
    `${edits.join(', ')}: sentences are rewritten by a model that follows instructions, and the bundled one knows loan files alone. Name one with --helper DIR.`,
  );
}
