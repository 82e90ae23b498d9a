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
    const places = new Places();
    // What was merged before comes last: its parts may be given, too.
    const partsFirst = [...folds].sort((a, b) => Number(!a.manifest.spec.shard) - Number(!b.manifest.spec.shard));
    for (const fold of partsFirst) copyFinished(fold, places, (event) => writer.append(event));
    finish(folds, { writer, done: places.count, planned: manifest.plannedCount });
    return { dir, done: places.count, planned: manifest.plannedCount };
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
  readonly #examples = new Set<ExampleId>();

  /** How often the run has closed this example, this time counted. @returns whether the merged run has the place, and the example */
  add(example: ExampleId, nth: number, part: string | null): { readonly isNewPlace: boolean; readonly isNew: boolean } {
    const key = `${part} ${example}`;
    const known = this.#known.get(part === null ? example : key) ?? 0;
    const isNewPlace = nth > known;
    if (isNewPlace) {
      this.count += 1;
      this.#known.set(key, nth);
      this.#known.set(example, (this.#known.get(example) ?? 0) + 1);
    }
    const isNew = !this.#examples.has(example);
    this.#examples.add(example);
    return { isNewPlace, isNew };
  }
}

/** An example's facts are written when it is finished, so that no unfinished one is copied. */
function copyFinished({ dir, manifest }: RunFold, places: Places, append: (event: RunEvent) => void): void {
  const { shard } = manifest.spec;
  const part = shard ? `${shard.index}/${shard.of}` : null;
  const open = new Map<ExampleId, RunEvent[]>();
  const closings = new Map<ExampleId, number>();
  eachEvent(dir, (event) => {
    if (!('example' in event)) return;
    const { example } = event;
    if (event.type === 'exampleStarted') open.set(example, []);
    open.get(example)?.push(event);
    if (event.type !== 'exampleFinished' && event.type !== 'exampleSkipped') return;
    const facts = event.type === 'exampleSkipped' ? [event] : (open.get(example) ?? []);
    open.delete(example);
    const nth = (closings.get(example) ?? 0) + 1;
    closings.set(example, nth);
    const { isNewPlace, isNew } = places.add(example, nth, part);
    if (isNew) for (const one of facts) append(one);
    else if (isNewPlace) append(repeated(facts));
  });
}

/** As a run without parts skips it. */
function repeated([first]: readonly RunEvent[]): RunEvent {
  if (first?.type === 'exampleSkipped') return first;
  if (first?.type !== 'exampleStarted') throw new Error('An example that ends without having begun.');
  const { example, source } = first;
  return { v: 1, type: 'exampleSkipped', example, source, reason: repeatedReason };
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
