// Owns how leaves become requests: seeds, samples a request, prompts in the forms that servers take. Pure.
import { createHash } from 'node:crypto';
import type { Job, Leaf, LeafReadout, OptionIds } from '../../domain/job';
import { greedy } from '../../domain/run';
import type { ModelText } from '../../text/modelText';
import type { CompletionRequest, Prompt } from './dialect';

export type Settle = <T>(work: () => T | Promise<T>) => Promise<T>;

/** What requests to one served model share. */
export type Served = {
  readonly model: string;
  readonly text: ModelText;
  /** Does work with `text` that may have to ask the server for it. */
  readonly settle: Settle;
  /** The server puts the prompt's first token (BOS) in front of every text itself. */
  readonly addsFirst: boolean;
};

export const plainRequest: Omit<CompletionRequest, 'model' | 'prompt' | 'endIds'> = {
  maxTokens: 1,
  sampling: greedy,
  seed: null,
  n: 1,
  stop: [],
  topLogProbs: 0,
  wantedIds: [],
  only: null,
  slot: null,
};

/** A place in a job: a leaf, and ids after the leaf's own. */
export type LeafPlace = { readonly job: Job; readonly leaf: Leaf; readonly further: readonly number[] };

export function promptOf({ job, leaf, further }: LeafPlace, served: Served): Prompt {
  const prompt = idPrompt([...job.prompt, ...leaf.ids, ...further], served);
  if (!leaf.chat) return prompt;
  const { messages, prefix } = leaf.chat;
  return { ...prompt, chat: { messages, prefix: further.length > 0 ? prefix + served.text.decode(further) : prefix } };
}

export const idPrompt = (ids: readonly number[], { text, addsFirst }: Served): Prompt => ({
  ids,
  text: () => text.decode(addsFirst ? ids.slice(1) : ids),
  chat: null,
});

/** A whole number below 2³¹ that stands for a sample's stream. Servers draw from it as they like. */
export const seedOf = (stream: string): number => createHash('sha256').update(stream).digest().readUInt32BE(0) >>> 1;

export type SampleBatch = { readonly first: number; readonly streams: readonly string[] };

/** Samples of a leaf that go into one request: at most so many, the seed being that of the first. */
export function batchesOf(streams: readonly string[], most: number): readonly SampleBatch[] {
  const batches: SampleBatch[] = [];
  for (let first = 0; first < streams.length; first += most) {
    batches.push({ first, streams: streams.slice(first, first + most) });
  }
  return batches;
}

/** A place in the options' token sequences at which they part (or go on): the ids before it, and which may follow. */
export type OptionNode = { readonly before: readonly number[]; readonly next: readonly number[] };

/** Every place at which a token of an option is to be scored, shortest first. */
export function optionNodes(options: readonly OptionIds[]): readonly OptionNode[] {
  const nodes = new Map<string, { before: readonly number[]; next: Set<number> }>();
  for (const { ids } of options) {
    ids.forEach((id, at) => {
      const before = ids.slice(0, at);
      const key = before.join(' ');
      const node = nodes.get(key) ?? { before, next: new Set<number>() };
      node.next.add(id);
      nodes.set(key, node);
    });
  }
  return [...nodes.values()]
    .map(({ before, next }) => ({ before, next: [...next] }))
    .sort((a, b) => a.before.length - b.before.length);
}

export type JobCost = { readonly requests: number; readonly promptTokens: number; readonly mostWritten: number };

/** What a job asks of a server when every sample is a request of its own and nothing needs asking twice. */
export function costOf(job: Job): JobCost {
  const total = { requests: 0, promptTokens: 0, mostWritten: 0 };
  for (const { ids, readout, streams } of job.leaves) {
    const length = job.prompt.length + ids.length;
    for (const [further, most] of requestLengths(readout, streams.length)) {
      total.requests += 1;
      total.promptTokens += length + further;
      total.mostWritten += most;
    }
  }
  return total;
}

function requestLengths(readout: LeafReadout, samples: number): readonly (readonly [further: number, most: number])[] {
  if (readout.kind === 'continued') return Array.from({ length: samples }, () => [0, readout.maxTokens]);
  return optionNodes(readout.options).map(({ before }) => [before.length, 1]);
}
