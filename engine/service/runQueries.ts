// Owns the queries over recorded runs: headers, summaries, rows, one example's comparison. Folds each log once and only the new part again,
// and not at all where what was made of it is kept. Must not know how runs are made.
import fs from 'node:fs';
import path from 'node:path';
import type { Annotation } from '../domain/annotation';
import type { Comparison, RunGroups } from '../domain/comparison';
import type { OutcomeRow, RunSummary } from '../domain/effect';
import { UserError } from '../domain/failure';
import type { ExampleId } from '../domain/ids';
import type { ReviewAsk, ReviewTarget } from '../domain/review';
import type { RunManifest } from '../domain/run';
import type { RunComparison } from '../domain/runComparison';
import { LogGlance } from '../store/logGlance';
import { readRunFacts } from '../store/runFacts';
import { eventsAt, listRuns, logFile, RunFold } from '../store/runLog';
import { currentWriter } from '../store/writerLock';
import { type ComparisonQuery, compareExample, flipsAround, stateOf } from './compareExample';
import { compareRuns } from './compareRuns';
import type { Cursor, GroupQuery, RowQuery, RunHeader } from './contract';
import { keptSummary, loadRun, runStamp, saveRun } from './keptRun';
import { reviewQueue } from './review';
import { columnsOf } from './runColumns';
import { groupChoices, groupRun } from './runGroups';
import { type RowPlace, RunList } from './runList';
import { summarize } from './summary';

export const rowLimit = 200;

/** A run as far as it is known: what people see of it, and its lists. What takes long is made when it is first asked for. */
type Known = {
  readonly version: string;
  readonly cursor: Cursor;
  readonly manifest: RunManifest;
  readonly summary: () => RunSummary;
  readonly list: () => RunList;
};

/** What of a log, and of its writer, a {@link Known} depends on. */
const versionOf = (dir: string): string => {
  const { size, mtimeMs } = fs.statSync(logFile(dir));
  return `${size} ${mtimeMs} ${currentWriter(dir) !== null}`;
};

export class RunQueries {
  readonly #folds = new Map<string, RunFold>();
  readonly #glances = new Map<string, LogGlance>();
  readonly #known = new Map<string, Known>();
  readonly #learning = new Map<string, Promise<void>>();

  /** Newest first. Folders that cannot be read are left out: one damaged run must not hide the others. */
  async headers(out: string): Promise<readonly RunHeader[]> {
    const headers = await Promise.all(listRuns(out).map((dir) => this.#header(dir).catch(() => null)));
    return headers.filter((header) => header !== null);
  }

  async #header(dir: string): Promise<RunHeader> {
    // Asked for first: a writer that ends while its log is read has written how it ended.
    const isWritten = currentWriter(dir) !== null;
    const kept = isWritten ? null : await keptSummary(dir);
    const { status, done, manifest } = kept ?? (await this.#glance(dir));
    const isLeft = status === 'running' && !isWritten;
    return {
      run: manifest.run,
      dir,
      startedAt: manifest.startedAt,
      status: isLeft ? 'interrupted' : status,
      files: manifest.files.map((file) => file.path),
      model: manifest.model.id,
      done,
      planned: manifest.plannedCount,
      ...readRunFacts(dir),
    };
  }

  async #glance(dir: string): Promise<LogGlance> {
    const glance = this.#glances.get(dir) ?? new LogGlance(dir);
    this.#glances.set(dir, glance);
    await glance.refresh();
    return glance;
  }

  /** Makes the run known without holding the process up: from what is kept of it, else from its log, piece by piece. */
  learn(dir: string): Promise<void> {
    const learning = this.#learning.get(dir) ?? this.#learn(dir).finally(() => this.#learning.delete(dir));
    this.#learning.set(dir, learning);
    return learning;
  }

  async #learn(dir: string): Promise<void> {
    if (!fs.existsSync(logFile(dir)) || this.#known.get(dir)?.version === versionOf(dir)) return;
    const version = versionOf(dir);
    const stamp = currentWriter(dir) === null ? await runStamp(dir) : null;
    const kept = stamp === null || this.#folds.has(dir) ? null : await loadRun(dir, stamp).catch(() => null);
    if (kept) {
      const { summary, cursor, columns } = kept;
      const list = new RunList(columns);
      this.#known.set(dir, { version, cursor, manifest: summary.manifest, summary: () => summary, list: () => list });
      return;
    }
    await this.learnAll(dir);
    if (stamp === null) return;
    const { summary, cursor, list } = this.#run(dir);
    // Somebody has begun to resume it.
    if (summary().status === 'running') return;
    await saveRun(dir, stamp, { summary: summary(), cursor, columns: list().columns });
  }

  /** As {@link learn}, for what needs everything that the log says of every example. */
  async learnAll(dir: string): Promise<void> {
    if (fs.existsSync(logFile(dir))) await this.#foldOf(dir).refreshInPieces();
  }

  #foldOf(dir: string): RunFold {
    const fold = this.#folds.get(dir) ?? new RunFold(dir);
    this.#folds.set(dir, fold);
    return fold;
  }

  /** Folded up to now. */
  #folded(dir: string): { fold: RunFold; cursor: Cursor } {
    const fold = this.#foldOf(dir);
    return { fold, cursor: fold.refresh() };
  }

  #run(dir: string): Known {
    const version = fs.existsSync(logFile(dir)) ? versionOf(dir) : '';
    const known = this.#known.get(dir);
    if (known && known.version === version) return known;
    // Asked for first: a writer that ends while its log is read has written how it ended.
    const isWritten = currentWriter(dir) !== null;
    const { fold, cursor } = this.#folded(dir);
    const { state, manifest } = fold;
    const fresh: Known = {
      version,
      cursor,
      manifest,
      summary: once(() => summarize(state, manifest, isWritten)),
      list: once(() => new RunList(columnsOf(state, manifest))),
    };
    this.#known.set(dir, fresh);
    return fresh;
  }

  open(dir: string): { summary: RunSummary; cursor: Cursor } {
    const { summary, cursor } = this.#run(dir);
    return { summary: summary(), cursor };
  }

  manifest(dir: string): RunManifest {
    return this.#run(dir).manifest;
  }

  /** One page of examples under a condition (or under all). @throws UserError for a page of more than {@link rowLimit}. */
  rows(query: RowQuery, annotations: readonly Annotation[]): { rows: readonly OutcomeRow[]; total: number } {
    if (query.limit > rowLimit) throw new UserError(`A page holds at most ${rowLimit} rows.`);
    const list = this.#run(query.dir).list();
    const labels = labelsByExample(annotations);
    const all = list.rows(query, labels);
    const places = all.slice(query.offset, query.offset + query.limit);
    return { rows: rowsAt(query.dir, { list, places, labels }), total: all.length };
  }

  /** What examples can be grouped by, and the groups of what was chosen. */
  groups({ dir, by }: GroupQuery, annotations: readonly Annotation[]): RunGroups {
    const list = this.#run(dir).list();
    const labels = labelsByExample(annotations);
    const choices = groupChoices(list.columns.groupings, list.labeled(labels), list.columns.length);
    if (by === null) return { choices, groups: [], left: 0 };
    const { fold } = this.#folded(dir);
    const closed = [...fold.state.examples.values()].filter(({ logEnd }) => logEnd !== null);
    closed.sort((a, b) => a.ordinal - b.ordinal);
    const examples = closed.map((example) => ({ example, annotated: labels.get(example.example) ?? [] }));
    return { choices, ...groupRun(fold.manifest, examples, by) };
  }

  /** What is left for an annotator to look at. */
  reviewQueue(dir: string, annotations: readonly Annotation[], ask: ReviewAsk): readonly ReviewTarget[] {
    const { fold } = this.#folded(dir);
    const examples = [...fold.state.examples.values()];
    return reviewQueue({ run: fold.manifest.run, examples, annotations }, ask);
  }

  /** Two runs side by side. */
  compare(runs: { readonly first: string; readonly second: string }): RunComparison {
    const openRun = (dir: string) => ({ writing: currentWriter(dir) !== null, fold: this.#folded(dir).fold });
    return compareRuns(openRun(runs.first), openRun(runs.second));
  }

  /** @throws UserError as {@link compareExample}. */
  async comparison(at: ComparisonQuery): Promise<Comparison> {
    const { list, manifest } = this.#run(at.dir);
    const [state, flips] = [stateOf(at, list()), flipsAround(list(), at)];
    return compareExample({ dir: at.dir, manifest, state, flips }, at.condition);
  }
}

/** The value of `make`, which is called when it is first needed. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function labelsByExample(annotations: readonly Annotation[]): Map<ExampleId, string[]> {
  const labels = new Map<ExampleId, string[]>();
  for (const { target, label } of annotations) {
    if (label !== null) labels.set(target.example, [...(labels.get(target.example) ?? []), label]);
  }
  return labels;
}

type Listed = {
  readonly list: RunList;
  readonly places: readonly RowPlace[];
  readonly labels: ReadonlyMap<ExampleId, readonly string[]>;
};

/** The rows with what the log says of their examples. */
function rowsAt(dir: string, { list, places, labels }: Listed): readonly OutcomeRow[] {
  const starts = eventsAt(
    dir,
    places.map(({ index }) => list.columns.starts[index]!),
  );
  return places.map((place, at) => {
    const event = starts[at]!;
    if (event.type !== 'exampleStarted') throw new UserError(`The log of ${dir} was changed; open the run again.`);
    const { example, ordinal, title, recorded } = event;
    const own = [...new Set(labels.get(example))];
    return { example, ordinal, title, recorded, condition: place.condition, ...list.outcomes(place), labels: own };
  });
}

/** The folder in which annotations of a run lie: that of its `.counterthought`. */
export function workspaceOf(dir: string): string {
  const parts = path.resolve(dir).split(path.sep);
  const at = parts.lastIndexOf('.counterthought');
  return at > 0 ? parts.slice(0, at).join(path.sep) || path.sep : path.dirname(path.dirname(path.resolve(dir)));
}
