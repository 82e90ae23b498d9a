// Owns putting the shards of a run together: one log with every finished example of theirs once. Must not know how shards were run.
import path from 'node:path';
import { UserError } from '../domain/failure';
import { canonicalJson, type ExampleId } from '../domain/ids';
import type { RunEvent, RunManifest } from '../domain/run';
import { eachEvent, RunFold, RunWriter } from '../store/runLog';
import { currentWriter } from '../store/writerLock';
import { hashOf } from './conditions';
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
    const merged = new Set<ExampleId>();
    for (const fold of folds) copyFinished(fold.dir, merged, (event) => writer.append(event));
    finish(folds, { writer, done: merged.size, planned: manifest.plannedCount });
    return { dir, done: merged.size, planned: manifest.plannedCount };
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
      'the model': { id, sha256, roots: [...new Set(one.model.server?.endpoints.map(({ root }) => root))].sort() },
      'the tokenizer': { tokenizerSha256, templateSha256 },
      'the engine': runtime,
    };
  };
  const [left, right] = [parts(a), parts(b)];
  return Object.keys(left).find((name) => canonicalJson(left[name]) !== canonicalJson(right[name])) ?? null;
}

/** An example's facts are written when it is finished, so that no unfinished one is copied. */
function copyFinished(dir: string, merged: Set<ExampleId>, append: (event: RunEvent) => void): void {
  const open = new Map<ExampleId, RunEvent[]>();
  eachEvent(dir, (event) => {
    if (!('example' in event) || merged.has(event.example)) return;
    const { example } = event;
    if (event.type === 'exampleStarted') open.set(example, []);
    open.get(example)?.push(event);
    if (event.type === 'exampleFinished') for (const one of open.get(example) ?? []) append(one);
    if (event.type === 'exampleSkipped') append(event);
    if (event.type !== 'exampleFinished' && event.type !== 'exampleSkipped') return;
    merged.add(example);
    open.delete(example);
  });
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
