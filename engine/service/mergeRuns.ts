// Owns putting the shards of a run together: one log with every finished example of theirs once. Must not know how shards were run.
import path from 'node:path';
import { UserError } from '../domain/failure';
import { canonicalJson, type ExampleId } from '../domain/ids';
import type { RunEvent, RunManifest } from '../domain/run';
import { eachEvent, RunFold, RunWriter } from '../store/runLog';
import { currentWriter } from '../store/writerLock';
import { hashOf } from './conditions';
import { repeatedReason } from './examplePlanning';
import { freshRunId, wholeCount } from './prepareRun';

export type MergedRun = { readonly dir: string; readonly done: number; readonly planned: number };

/**
 * Writes a new run into `out` that holds what is finished in the given ones. What is missing can be run by resuming it.
 * @throws UserError when they are not parts of the same run, or one is still being written
 */
export function mergeRuns(dirs: readonly string[], out: string): MergedRun {
  const folds = dirs.map(openFold);
  const manifest = mergedManifest(folds.map((fold) => fold.manifest));
  const dir = path.join(out, manifest.run);
  const writer = RunWriter.create(dir, manifest);
  try {
    const merged: Merged = { places: new Places(), copied: new Set(), append: (event) => writer.append(event) };
    // What was merged before comes last: its parts may be given, too.
    const partsFirst = [...folds].sort((a, b) => Number(!a.manifest.spec.shard) - Number(!b.manifest.spec.shard));
    for (const fold of partsFirst) copyFinished(fold, merged);
    const { count: done } = merged.places;
    finish(folds, { writer, done, planned: manifest.plannedCount });
    return { dir, done, planned: manifest.plannedCount };
  } finally {
    writer.close();
  }
}

function openFold(dir: string): RunFold {
  const writing = currentWriter(dir);
  if (writing !== null)
    throw new UserError(`${dir} is still being written by process ${writing}; wait for it, then merge.`);
  const fold = new RunFold(dir);
  fold.refresh();
  return fold;
}

function mergedManifest(manifests: readonly RunManifest[]): RunManifest {
  const [first] = manifests;
  if (!first) throw new UserError('Name the runs that are to be merged.');
  for (const other of manifests) {
    const difference = differenceOf(first, other);
    if (difference !== null)
      throw new UserError(`${other.run} is no part of the same run as ${first.run}: ${difference} differs.`);
  }
  const { shard: _, ...spec } = first.spec;
  const startedAt = manifests.map((one) => one.startedAt).sort()[0] ?? first.startedAt;
  return {
    ...first,
    run: freshRunId(startedAt),
    startedAt,
    spec,
    specSha256: hashOf(spec),
    plannedCount: wholeCount(spec, first.exampleCount),
    mergedFrom: manifests.flatMap(({ run, mergedFrom }) => mergedFrom ?? [run]),
  };
}

/** Endpoints may differ between shards: what they serve may not. */
function differenceOf(a: RunManifest, b: RunManifest): string | null {
  const parts = (one: RunManifest): Readonly<Record<string, unknown>> => {
    const { shard: _shard, server, files: _files, ...spec } = one.spec;
    const { id, sha256, tokenizerSha256, templateSha256, runtime } = one.model;
    return {
      'the spec': { ...spec, isServed: server !== undefined },
      'the options': one.options,
      'the trace file': one.files.map((file) => file.sha256),
      'the helper model': one.helper?.sha256,
      'the model': { id, sha256, roots: [...new Set(one.model.server?.endpoints.map(({ root }) => root))].sort() },
      'the tokenizer': { tokenizerSha256, templateSha256 },
      'the engine': runtime,
    };
  };
  const [left, right] = [parts(a), parts(b)];
  return Object.keys(left).find((name) => canonicalJson(left[name]) !== canonicalJson(right[name])) ?? null;
}

/**
 * Which places of the files are in the merged run. A record that stands in them twice has a place of its own each time: one run skips all but
 * the first, parts of it may each have run one. The same part given twice has the same places.
 */
class Places {
  count = 0;
  readonly #known = new Map<string, number>();

  /** @param many places that the log has of this example. @returns how many of them the merged run did not have */
  add(example: ExampleId, many: number, part: string | null): number {
    const key = `${part} ${example}`;
    const added = many - (this.#known.get(part === null ? example : key) ?? 0);
    if (added <= 0) return 0;
    this.count += added;
    this.#known.set(key, many);
    this.#known.set(example, (this.#known.get(example) ?? 0) + added);
    return added;
  }
}

type Skipped = Extract<RunEvent, { type: 'exampleSkipped' }>;

/** What a log has of one example. */
type Met = {
  /** How each place beyond the first is skipped, as in a run without parts. */
  readonly skipped: Skipped;
  isClosed: boolean;
  /** Its places beyond the first: a run that was resumed skips those before that once more, so the most of its sessions. */
  repeats: number;
};

type Merged = { readonly places: Places; readonly copied: Set<ExampleId>; readonly append: (event: RunEvent) => void };

/** An example's facts are written when it is finished, so that no unfinished one is copied; those of its other places after all facts. */
function copyFinished({ dir, manifest }: RunFold, { places, copied, append }: Merged): void {
  const { shard } = manifest.spec;
  const part = shard ? `${shard.index}/${shard.of}` : null;
  const isCopiedHere = new Set<ExampleId>();
  const met = readPlaces(dir, (example, facts) => {
    if (copied.has(example)) return;
    copied.add(example);
    isCopiedHere.add(example);
    for (const one of facts) append(one);
  });
  for (const [example, { skipped, isClosed, repeats }] of met) {
    const added = places.add(example, Number(isClosed) + repeats, part);
    for (let more = isCopiedHere.has(example) ? 1 : 0; more < added; more += 1) append(skipped);
  }
}

/** Tells each example's facts when it is closed. A place beyond the first may be skipped before the first is closed. */
function readPlaces(
  dir: string,
  onClosed: (example: ExampleId, facts: readonly RunEvent[]) => void,
): ReadonlyMap<ExampleId, Met> {
  const open = new Map<ExampleId, RunEvent[]>();
  const met = new Map<ExampleId, Met>();
  const repeats = new Map<ExampleId, number>();
  eachEvent(dir, (event) => {
    if (event.type === 'runResumed') repeats.clear();
    if (!('example' in event)) return;
    const { example } = event;
    if (event.type === 'exampleStarted') open.set(example, []);
    if (event.type === 'exampleStarted' || event.type === 'exampleSkipped') noteMet(met, event);
    const one = met.get(example);
    if (one && event.type === 'exampleSkipped' && event.reason === repeatedReason) {
      repeats.set(example, (repeats.get(example) ?? 0) + 1);
      one.repeats = Math.max(one.repeats, repeats.get(example) ?? 0);
      return;
    }
    open.get(example)?.push(event);
    if (!one || (event.type !== 'exampleFinished' && event.type !== 'exampleSkipped')) return;
    one.isClosed = true;
    onClosed(example, event.type === 'exampleSkipped' ? [event] : (open.get(example) ?? []));
    open.delete(example);
  });
  return met;
}

function noteMet(met: Map<ExampleId, Met>, { example, source }: Pick<Skipped, 'example' | 'source'>): void {
  if (met.has(example)) return;
  const skipped: Skipped = { v: 1, type: 'exampleSkipped', example, source, reason: repeatedReason };
  met.set(example, { skipped, isClosed: false, repeats: 0 });
}

type Finish = { readonly writer: RunWriter; readonly done: number; readonly planned: number };

function finish(folds: readonly RunFold[], { writer, done, planned }: Finish): void {
  for (const { state } of folds) {
    const { traffic } = state;
    if (traffic)
      writer.append({ v: 1, type: 'runFinished', at: new Date().toISOString(), status: 'cancelled', traffic });
  }
  const isWhole = done >= planned;
  const message = `${done} of ${planned} examples are in the runs that were merged; resume this one to run the others.`;
  const end = isWhole ? ({ status: 'completed' } as const) : ({ status: 'cancelled', message } as const);
  writer.append({ v: 1, type: 'runFinished', at: new Date().toISOString(), ...end });
}
