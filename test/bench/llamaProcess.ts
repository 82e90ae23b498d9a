// Entry of the process in which node-llama-cpp is measured, with all that it has for shared prefixes: a trunk is evaluated once, its state
// saved and loaded into parallel sequences, each rewound to what it needs. Installed outside the tree; types declared as far as used.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OptionIds } from '../../engine/domain/job';
import { serve } from './childProcess';
import { measure, type Work } from './measured';

export type LlamaSpec = { readonly install: string; readonly weights: string; readonly sequences: number };

type Ids = readonly number[];
/** `ids` are whole, from the first token, and begin as their trunk does. */
export type LlamaContinued = {
  readonly ids: Ids;
  readonly samples: number;
  readonly newTokens: number;
  readonly temperature: number;
};
export type LlamaScored = { readonly ids: Ids; readonly options: readonly OptionIds[] };
export type LlamaTrunk = {
  readonly ids: Ids;
  readonly scored: readonly LlamaScored[];
  readonly continued: readonly LlamaContinued[];
};
/** `before` is evaluated first and not measured. */
export type LlamaRequest = { readonly before: Ids | null; readonly trunks: readonly LlamaTrunk[] };

type Evaluated = {
  readonly next: { readonly logits?: ReadonlyMap<number, number>; readonly totalLogitWeight?: number };
};
type Sequence = {
  readonly nextTokenIndex: number;
  readonly clearHistory: () => Promise<void>;
  readonly adaptStateToTokens: (ids: Ids, allowShift: boolean) => Promise<void>;
  readonly compareContextTokens: (ids: Ids) => { readonly firstDifferentIndex: number };
  readonly evaluateWithoutGeneratingNewTokens: (ids: Ids) => Promise<void>;
  readonly evaluate: (ids: Ids, options: object) => AsyncIterable<number>;
  readonly controlledEvaluate: (input: readonly unknown[]) => Promise<readonly (Evaluated | undefined)[]>;
  readonly saveStateToFile: (file: string) => Promise<unknown>;
  readonly loadStateFromFile: (file: string, risk: { readonly acceptRisk: true }) => Promise<void>;
};
type Context = { readonly getSequence: () => Sequence };
type Model = { readonly createContext: (options: object) => Promise<Context> };
type Library = {
  readonly getLlama: (options: object) => Promise<{ readonly loadModel: (options: object) => Promise<Model> }>;
};

const contextTokens = 1024;

/** Keeps what the sequence shares with the ids, except the last, and evaluates the rest except the last. */
async function bringTo(sequence: Sequence, ids: Ids): Promise<number> {
  const before = ids.slice(0, -1);
  await sequence.adaptStateToTokens(before, false);
  const rest = before.slice(sequence.nextTokenIndex);
  if (rest.length > 0) await sequence.evaluateWithoutGeneratingNewTokens(rest);
  return rest.length;
}

async function continueOne(sequence: Sequence, asked: LlamaContinued, seed: number): Promise<Ids> {
  const written: number[] = [];
  const sampling = { temperature: asked.temperature, topK: 0, topP: 1, minP: 0, seed, yieldEogToken: true };
  // Ends by itself only at an end token, which is taken for a token like all others.
  while (written.length < asked.newTokens) {
    const last = written.at(-1) ?? asked.ids.at(-1)!;
    for await (const id of sequence.evaluate([last], sampling)) {
      written.push(id);
      if (written.length >= asked.newTokens) break;
    }
  }
  return written;
}

async function score(sequence: Sequence, { ids, options }: LlamaScored): Promise<number> {
  const rows = await bringTo(sequence, ids);
  const read = (tokens: Ids): object => ({ generateNext: { logits: { filter: { tokens } }, totalLogitWeight: true } });
  const first = options.map((option) => option.ids[0]!);
  await sequence.controlledEvaluate([[ids.at(-1)!, read(first)]]);
  for (const option of options) {
    await sequence.adaptStateToTokens(ids, false);
    const inner = option.ids.slice(0, -1).map((id, index) => [id, read([option.ids[index + 1]!])]);
    if (inner.length > 0) await sequence.controlledEvaluate(inner);
  }
  return rows + 1 + options.reduce((sum, option) => sum + option.ids.length - 1, 0);
}

async function runTrunk(sequences: readonly Sequence[], trunk: LlamaTrunk, state: string): Promise<Work> {
  const [lead] = sequences;
  let tokens = await bringTo(lead!, trunk.ids);
  const waiting = trunk.continued.flatMap((asked) =>
    Array.from({ length: asked.samples }, (_, sample) => ({ asked, sample })),
  );
  if (waiting.length > 1) await lead!.saveStateToFile(state);
  for (const scored of trunk.scored) tokens += await score(lead!, scored);
  const ids: Ids[] = [];
  const work = async (sequence: Sequence): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { asked, sample } = next;
      const shared = sequence.compareContextTokens([...asked.ids]).firstDifferentIndex;
      if (shared < asked.ids.length - 1) await sequence.loadStateFromFile(state, { acceptRisk: true });
      tokens += (await bringTo(sequence, asked.ids)) + asked.newTokens;
      ids.push(await continueOne(sequence, asked, sample + 1));
    }
  };
  await Promise.all(sequences.map(work));
  return { ids, tokens };
}

serve<LlamaSpec, LlamaRequest>(async ({ install, weights, sequences: count }) => {
  const folder = path.join(install, 'node_modules/node-llama-cpp');
  const library = (await import(pathToFileURL(path.join(folder, 'dist/index.js')).href)) as Library;
  const options = { gpu: false, maxThreads: 1, logLevel: 'error', build: 'never', skipDownload: true };
  const model = await (await library.getLlama(options)).loadModel({ modelPath: weights });
  const threads = { ideal: 1, min: 1 };
  const context = await model.createContext({
    sequences: count,
    contextSize: contextTokens,
    batchSize: contextTokens,
    threads,
  });
  const sequences = Array.from({ length: count }, () => context.getSequence());
  const state = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-bench-')), 'trunk');
  process.on('exit', () => fs.rmSync(path.dirname(state), { recursive: true, force: true }));
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  return {
    about: `node-llama-cpp ${version}, Q4_1 GGUF, 1 thread, ${count} parallel sequences in one batch, trunk evaluated once and its state loaded into each`,
    answer: async ({ before, trunks }) => {
      for (const sequence of sequences) await sequence.clearHistory();
      if (before !== null) await sequences[0]!.evaluateWithoutGeneratingNewTokens(before);
      return measure(async () => {
        const works: Work[] = [];
        for (const trunk of trunks) works.push(await runTrunk(sequences, trunk, state));
        return { ids: works.flatMap((work) => work.ids), tokens: works.reduce((sum, work) => sum + work.tokens, 0) };
      });
    },
  };
});
