// Owns choosing how a graph is evaluated: edited for trees where its attention is of a known form, else as it is; and checking on this
// very machine that the choice computes what the file computes.
import fs from 'node:fs';
import { UserError } from '../domain/failure';
import type { Forward } from './forward';
import { makeForward } from './forward';
import { readDocument, writeDocument } from './graph/onnxDocument';
import { computeExactly, prepareGraph } from './graph/prepareGraph';
import { bufferedCache, chainedCache } from './kvCache';
import { detectLayout, type ModelLayout } from './layout';
import { isDynamic, isRounded, type ModelFiles } from './modelFolder';
import { type ModelSession, openSession, type SessionOptions } from './session';

export type OpenedForward = {
  readonly session: ModelSession;
  readonly layout: ModelLayout;
  /** A forward with an empty cache of its own. */
  readonly begin: () => Forward;
};

export type OpeningOptions = SessionOptions & {
  /** Ids of an ordinary text, on which evaluations are compared. */
  readonly sampleIds: readonly number[];
};

/** @throws UserError when the runtime refuses the file or its layout is not supported. */
export async function openForward(files: ModelFiles, options: OpeningOptions): Promise<OpenedForward> {
  const { sampleIds } = options;
  const original = await openOriginal(files, options);
  const { layout } = original;
  if (layout.kind === 'plain' || layout.cacheType !== 'float32' || isDynamic(files.summary)) return original;
  const prepared = prepareGraph(fs.readFileSync(files.onnxFile), layout.headSize);
  if ('refusal' in prepared) return original;
  const expected = await probe(original.begin(), sampleIds);
  await original.session.release();
  const edited = await openEdited(files, options, prepared.bytes);
  if (edited !== null && (await isSame(expected, edited.begin(), sampleIds))) return edited;
  await edited?.session.release();
  return openOriginal(files, options);
}

async function openOriginal(files: ModelFiles, options: OpeningOptions): Promise<OpenedForward> {
  const session = await openSession(files.onnxFile, options, exactBytes(files));
  try {
    const layout = detectLayout(session.signature, files);
    const chained = (): Forward => makeForward({ session, layout, cache: chainedCache(layout) });
    const inPlace = (): Forward => makeForward({ session, layout, cache: bufferedCache(layout, 'inPlace') });
    const expected = await probe(chained(), options.sampleIds).catch((error: Error) => {
      throw evaluationFailure(files.onnxFile, error.message);
    });
    const sharesCache = layout.kind === 'gqa' && (await isSame(expected, inPlace(), options.sampleIds));
    return { session, layout, begin: sharesCache ? inPlace : chained };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Opened, and yet it cannot be run: an export that this runtime's operators do not take. */
function evaluationFailure(onnxFile: string, message: string): UserError {
  const reason = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  return new UserError(
    `The runtime cannot evaluate ${onnxFile}: ${reason}. Choose another export of this model (fp32, or of the plain layout).`,
  );
}

/** The file with its products set to full precision, where it does not have them so. */
function exactBytes({ onnxFile, summary }: ModelFiles): Uint8Array | undefined {
  if (!isRounded(summary)) return undefined;
  return writeDocument(computeExactly(readDocument(fs.readFileSync(onnxFile))));
}

/** `null` when the runtime does not take the edit. */
async function openEdited(
  files: ModelFiles,
  options: SessionOptions,
  bytes: Uint8Array,
): Promise<OpenedForward | null> {
  try {
    const session = await openSession(files.onnxFile, options, bytes);
    const layout = detectLayout(session.signature, files, 'explicit');
    return { session, layout, begin: () => makeForward({ session, layout, cache: bufferedCache(layout, 'newRows') }) };
  } catch {
    return null;
  }
}

/** Prefill, one token, a few tokens: every way in which a text is continued. */
const probeCalls = [
  [0, 5],
  [5, 6],
  [6, 9],
] as const;

/** Logits of all rows of three calls. */
async function probe(forward: Forward, sampleIds: readonly number[]): Promise<readonly Float32Array[]> {
  const logits: Float32Array[] = [];
  for (const [start, end] of probeCalls) {
    const ids = sampleIds.slice(start, end);
    const wanted = ids.map((_, index) => index);
    const positions = wanted.map((index) => forward.cache.length + index);
    logits.push((await forward.evaluate({ ids, positions, visible: null, wanted })).slice());
  }
  return logits;
}

/** Far above the drift of floating-point sums in another order (5e-5), far below any real difference. */
const tolerance = 1e-2;

/** A forward that the runtime gives up on computes something else, too. */
async function isSame(
  expected: readonly Float32Array[],
  forward: Forward,
  sampleIds: readonly number[],
): Promise<boolean> {
  const found = await probe(forward, sampleIds).catch(() => null);
  return found?.every((logits, call) => areClose(expected[call]!, logits)) ?? false;
}

const areClose = (expected: Float32Array, found: Float32Array): boolean =>
  expected.length === found.length && expected.every((value, index) => Math.abs(value - found[index]!) < tolerance);
