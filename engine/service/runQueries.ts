// Owns the queries over recorded runs: headers, summaries, rows, one example's comparison. Folds each log once and only the new part again.
// Must not know how runs are made.
import path from 'node:path';
import type { Annotation } from '../domain/annotation';
import type { Comparison, RunGroups } from '../domain/comparison';
import type { Condition } from '../domain/condition';
import type { OutcomeRow, RunSummary } from '../domain/effect';
import { UserError } from '../domain/failure';
import type { ExampleId } from '../domain/ids';
import type { ReviewAsk, ReviewTarget } from '../domain/review';
import type { RunManifest } from '../domain/run';
import type { RunComparison } from '../domain/runComparison';
import type { ExampleState } from '../domain/runState';
import { readRunFacts } from '../store/runFacts';
import { listRuns, RunFold } from '../store/runLog';
import { currentWriter } from '../store/writerLock';
import { type ComparisonQuery, compareExample } from './compareExample';
import { compareRuns } from './compareRuns';
import type { Cursor, GroupQuery, RowQuery, RunHeader } from './contract';
import { byOrder, dropOf, recordedProbability } from './outcomeOrder';
import { reviewQueue } from './review';
import { type GroupedExample, groupRun, inGroup } from './runGroups';
import { optionOf, summarize } from './summary';

export const rowLimit = 200;

export class RunQueries {
  private readonly folds = new Map<string, RunFold>();

  private fold(dir: string): { fold: RunFold; cursor: Cursor } {
    const fold = this.folds.get(dir) ?? new RunFold(dir);
    const cursor = fold.refresh();
    this.folds.set(dir, fold);
    return { fold, cursor };
  }

  /** Newest first. Folders that cannot be read are left out: one damaged run must not hide the others. */
  headers(out: string): readonly RunHeader[] {
    return listRuns(out).flatMap((dir) => {
      try {
        return [this.header(dir)];
      } catch {
        return [];
      }
    });
  }

  private header(dir: string): RunHeader {
    const { fold } = this.fold(dir);
    const { run, startedAt, files, model, plannedCount } = fold.manifest;
    const running = fold.state.status === 'running';
    return {
      run,
      dir,
      startedAt,
      status: running && currentWriter(dir) === null ? 'interrupted' : fold.state.status,
      files: files.map((file) => file.path),
      model: model.id,
      done: fold.state.closed + fold.state.skipped.size,
      planned: plannedCount,
      ...readRunFacts(dir),
    };
  }

  open(dir: string): { summary: RunSummary; cursor: Cursor } {
    const { fold, cursor } = this.fold(dir);
    return { summary: summarize(fold.state, fold.manifest, currentWriter(dir) !== null), cursor };
  }

  manifest(dir: string): RunSummary['manifest'] {
    return this.fold(dir).fold.manifest;
  }

  /** One page of examples under a condition (or under all). @throws UserError for a page of more than {@link rowLimit}. */
  rows(query: RowQuery, annotations: readonly Annotation[]): { rows: readonly OutcomeRow[]; total: number } {
    if (query.limit > rowLimit) throw new UserError(`A page holds at most ${rowLimit} rows.`);
    const { fold } = this.fold(query.dir);
    const conditions = fold.manifest.conditions.filter((one) => !query.condition || one.id === query.condition);
    const labels = labelsByExample(annotations);
    const rows: OutcomeRow[] = [];
    for (const example of fold.state.examples.values()) {
      if (example.logEnd === null) continue;
      const annotated = labels.get(example.example) ?? [];
      if (query.group && !inGroup({ example, annotated }, query.group)) continue;
      for (const condition of conditions) {
        const row = rowOf(example, condition, {
          manifest: fold.manifest,
          labels: [...new Set(annotated)],
        });
        if (isShown(row, query)) rows.push(row);
      }
    }
    rows.sort(byOrder(query.sort));
    return { rows: rows.slice(query.offset, query.offset + query.limit), total: rows.length };
  }

  /** What examples can be grouped by, and the groups of what was chosen. */
  groups({ dir, by }: GroupQuery, annotations: readonly Annotation[]): RunGroups {
    const { fold } = this.fold(dir);
    const labels = labelsByExample(annotations);
    const closed = [...fold.state.examples.values()].filter(({ logEnd }) => logEnd !== null);
    const examples = closed.map(
      (example): GroupedExample => ({ example, annotated: labels.get(example.example) ?? [] }),
    );
    return groupRun(fold.manifest, examples, by);
  }

  /** What is left for an annotator to look at. */
  reviewQueue(dir: string, annotations: readonly Annotation[], ask: ReviewAsk): readonly ReviewTarget[] {
    const { fold } = this.fold(dir);
    const examples = [...fold.state.examples.values()];
    return reviewQueue({ run: fold.manifest.run, examples, annotations }, ask);
  }

  /** Two runs side by side. */
  compare(runs: { readonly first: string; readonly second: string }): RunComparison {
    const openRun = (dir: string) => ({ fold: this.fold(dir).fold, writing: currentWriter(dir) !== null });
    return compareRuns(openRun(runs.first), openRun(runs.second));
  }

  /** @throws UserError as {@link compareExample}. */
  comparison(at: ComparisonQuery): Promise<Comparison> {
    return compareExample(this.fold(at.dir).fold, at);
  }
}

function labelsByExample(annotations: readonly Annotation[]): Map<ExampleId, string[]> {
  const labels = new Map<ExampleId, string[]>();
  for (const { target, label } of annotations) {
    if (label !== null) labels.set(target.example, [...(labels.get(target.example) ?? []), label]);
  }
  return labels;
}

type RowParts = { readonly manifest: RunManifest; readonly labels: readonly string[] };

function rowOf(example: ExampleState, condition: Condition, { manifest, labels }: RowParts): OutcomeRow {
  const digests = example.results.get(condition.id) ?? [];
  const outcomes = digests.map(optionOf);
  const readable = outcomes.filter((option) => option !== null);
  const flips = readable.filter((option) => option !== example.recorded).length;
  return {
    example: example.example,
    ordinal: example.ordinal,
    title: example.title,
    condition: condition.id,
    recorded: example.recorded,
    outcomes,
    flippedShare: readable.length === 0 ? null : flips / readable.length,
    recordedProbability: recordedProbability(example, condition.id, manifest.options),
    drop: dropOf(example, condition, manifest),
    labels,
  };
}

function isShown(row: OutcomeRow, { show, label }: RowQuery): boolean {
  if (label !== undefined && !row.labels.includes(label)) return false;
  if (show === 'flipped') return (row.flippedShare ?? 0) > 0;
  if (show === 'kept') return row.flippedShare === 0;
  if (show === 'unreadable') return row.outcomes.includes(null);
  return true;
}

/** The folder in which annotations of a run lie: that of its `.counterthought`. */
export function workspaceOf(dir: string): string {
  const parts = path.resolve(dir).split(path.sep);
  const at = parts.lastIndexOf('.counterthought');
  return at > 0 ? parts.slice(0, at).join(path.sep) || path.sep : path.dirname(path.dirname(path.resolve(dir)));
}
