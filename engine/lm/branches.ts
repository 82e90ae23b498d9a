// Owns what a job asks of the network: sequences, and at which of their positions logits are read, by whom. Checks lengths.
// Must not know in which order or how many at a time the sequences are evaluated.

import { UserError } from '../domain/failure';
import type { Job, Leaf } from '../domain/job';
import type { OutputText } from '../text/outputText';
import { type Continuation, startContinuation } from './continuation';
import { logSumExp } from './sampler';

/** Reads the logits at one position. */
export type LogitsReader = (logits: Float32Array) => void;

/** One sequence to evaluate. */
export type Branch = {
  readonly ids: readonly number[];
  /** Positions whose logits are read: from here to the sequence's end. */
  readonly readFrom: number;
  readonly read: (position: number, logits: Float32Array) => void;
};

export type Scoring = {
  readonly leaf: Leaf;
  /** One an option; complete when all branches were read. */
  readonly logProbs: number[];
  readonly branches: readonly Branch[];
};

/** A continuation with the ids before it. */
export type Writing = { readonly continuation: Continuation; readonly base: readonly number[] };

export type JobParts = { readonly scorings: readonly Scoring[]; readonly writings: readonly Writing[] };

export type JobLimits = { readonly contextTokens: number; readonly vocabSize: number };

/** @throws UserError when a sequence is longer than the context. */
export function partsOf(job: Job, text: OutputText, limits: JobLimits): JobParts {
  const scorings: Scoring[] = [];
  const writings: Writing[] = [];
  for (const leaf of job.leaves) {
    const base = [...job.prompt, ...leaf.ids];
    checkIds(base, limits);
    if (leaf.readout.kind === 'forced') {
      scorings.push(scoringOf(leaf, base, limits));
      continue;
    }
    const { maxTokens, stopTexts } = leaf.readout;
    checkLength(base.length + 1, limits);
    const room = Math.min(maxTokens, limits.contextTokens - base.length);
    leaf.streams.forEach((_, sample) => {
      const continuation = startContinuation({ leaf, sample, maxTokens: room, stopTexts }, text);
      writings.push({ continuation, base });
    });
  }
  return { scorings, writings };
}

function checkLength(length: number, { contextTokens }: JobLimits): void {
  if (length > contextTokens)
    throw new UserError(
      `This text is ${length} tokens long, the model's context is ${contextTokens}. Use shorter examples or a model with a longer context.`,
    );
}

function checkIds(ids: readonly number[], limits: JobLimits): void {
  checkLength(ids.length, limits);
  if (ids.length === 0) throw new Error('a leaf needs at least one id before what is read');
  const foreign = ids.find((id) => id < 0 || id >= limits.vocabSize);
  if (foreign !== undefined) throw foreignId(foreign, limits.vocabSize);
}

function foreignId(id: number, vocabSize: number): UserError {
  return new UserError(
    `The tokenizer gives the id ${id}, but the model knows ${vocabSize} ids: tokenizer.json and the ONNX file are not of the same model.`,
  );
}

/** The options of a leaf read one row of logits several times. */
const normalizers = new WeakMap<Float32Array, number>();

function normalizerOf(logits: Float32Array): number {
  const known = normalizers.get(logits);
  if (known !== undefined) return known;
  const value = logSumExp(logits);
  normalizers.set(logits, value);
  return value;
}

function scoringOf(leaf: Leaf, base: readonly number[], limits: JobLimits): Scoring {
  const options = leaf.readout.kind === 'forced' ? leaf.readout.options : [];
  const logProbs = options.map(() => 0);
  const branches = options.map(({ ids: option, option: name }, index): Branch => {
    if (option.length === 0) throw new Error(`the option ${name} has no ids`);
    const ids = [...base, ...option.slice(0, -1)];
    checkIds([...base, ...option], limits);
    const readFrom = base.length - 1;
    const read = (position: number, logits: Float32Array): void => {
      logProbs[index] = logProbs[index]! + logits[option[position - readFrom]!]! - normalizerOf(logits);
    };
    return { ids, readFrom, read };
  });
  return { leaf, logProbs, branches };
}

/**
 * What is evaluated before a continuation goes on token by token: what it wrote already, or else its draft, of which it takes what
 * it would have drawn anyway. `wrote` gets the text of every token taken.
 */
export function writingBranch(
  { continuation, base }: Writing,
  { vocabSize, wrote }: { readonly vocabSize: number; readonly wrote: (text: string) => void },
): Branch {
  const known = continuation.ids.length;
  const draft = known > 0 ? [...continuation.ids] : usableDraft(continuation, vocabSize);
  const readFrom = base.length - 1 + known;
  let agrees = true;
  const read = (position: number, logits: Float32Array): void => {
    if (!agrees || continuation.finish !== null) return;
    const { id, text } = continuation.draw(logits);
    wrote(text);
    agrees = draft[position + 1 - base.length] === id;
  };
  return { ids: [...base, ...draft], readFrom, read };
}

/** A draft is only a guess: what cannot be part of the text is cut off. */
function usableDraft({ leaf, maxTokens }: Continuation, vocabSize: number): readonly number[] {
  const draft = (leaf.draft ?? []).slice(0, Math.max(0, maxTokens - 1));
  const foreign = draft.findIndex((id) => id < 0 || id >= vocabSize);
  return foreign < 0 ? draft : draft.slice(0, foreign);
}

/** Gap between the best and the second best option, in natural-log probability: what a near tie of a forced answer is. */
export function optionMargin(logProbs: readonly number[]): number {
  const [best, second] = [...logProbs].sort((a, b) => b - a);
  return best === undefined || second === undefined ? Number.POSITIVE_INFINITY : best - second;
}
