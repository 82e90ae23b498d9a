// Owns following the run of one example as a person watches it: the peek and its streaming text, then the marks in the trace.
import * as vscode from 'vscode';
import type { Comparison } from '../../engine/domain/comparison';
import { type Condition, isSwapped } from '../../engine/domain/condition';
import { CancelledError } from '../../engine/domain/failure';
import type { ConditionId, RunId } from '../../engine/domain/ids';
import type { RunSpec } from '../../engine/domain/run';
import type { RunProgress } from '../../engine/service/contract';
import { runsFolderFor } from '../host/runLibrary';
import { outcomeWords, type ResultState, resultScheme } from '../trace/rerunResult';
import type { ShownTrace, Swap } from '../trace/traceShelf';
import type { RerunParts } from './cursorRerun';

export type WatchedRerun = {
  readonly spec: RunSpec;
  readonly swap: Swap | null;
  readonly trace: ShownTrace;
  readonly uri: vscode.Uri;
  readonly position: vscode.Position;
  readonly running: AbortController;
};

/** Settles when the run is over and its outcome is marked in the trace. */
export async function watchRerun(parts: RerunParts, rerun: WatchedRerun): Promise<void> {
  const { host } = parts;
  const watch = new Watch(parts, rerun);
  const title = vscode.l10n.t('Re-running from here');
  const options = { location: vscode.ProgressLocation.Window, title };
  await vscode.window.withProgress(options, async () => {
    const out = runsFolderFor(vscode.Uri.file(rerun.trace.summary.file));
    const onEvent = (event: RunProgress): void => watch.hear(event);
    try {
      // The model writes while the peek opens.
      const run = host.engine.ask('run', { spec: rerun.spec, out }, { signal: rerun.running.signal, onEvent });
      await Promise.all([run, watch.open()]);
      await watch.finish();
    } catch (error) {
      watch.fail(error);
      throw error;
    } finally {
      watch.close();
    }
  });
}

let lastNumber = 0;
const showEveryMs = 80;

class Watch {
  private readonly document: vscode.Uri;
  private place: { readonly run: RunId; readonly dir: string } | null = null;
  private state: ResultState;
  private pending: NodeJS.Timeout | null = null;

  constructor(
    private readonly parts: RerunParts,
    private readonly rerun: WatchedRerun,
  ) {
    lastNumber += 1;
    const path = `/${vscode.l10n.t('Re-run')} ${lastNumber}`;
    this.document = vscode.Uri.from({ scheme: resultScheme, path });
    const isCut = rerun.spec.conditions[0]?.traceEdit.close === 'open';
    const title = isCut
      ? vscode.l10n.t('The reasoning up to here is kept; from here on the model writes it anew.')
      : vscode.l10n.t('The reasoning without the chosen steps; after it the model must answer.');
    const { swap } = rerun;
    this.state = { title, swap, conditions: [], texts: new Map(), answers: new Map(), failure: null };
  }

  /** Shows the peek at once: what streams is seen in it. */
  async open(): Promise<void> {
    this.update({});
    const { uri, position } = this.rerun;
    const target = new vscode.Location(this.document, new vscode.Position(0, 0));
    await vscode.commands.executeCommand('editor.action.peekLocations', uri, position, [target], 'peek');
  }

  hear(event: RunProgress): void {
    if (event.type === 'planned') {
      this.place = { run: event.run, dir: event.dir };
      this.parts.host.runs.add(event.run, event.dir, () => this.rerun.running.abort());
      void this.learnConditions(event.dir);
    } else if (event.type === 'wrote') {
      const { texts } = this.state;
      const text = (texts.get(event.condition) ?? '') + event.text;
      this.state = { ...this.state, texts: new Map(texts).set(event.condition, text) };
      this.showSoon();
    } else if (event.type === 'answered') {
      const { recorded, result } = event;
      this.update({ answers: new Map(this.state.answers).set(result.condition, { recorded, results: [result] }) });
    }
  }

  private async learnConditions(dir: string): Promise<void> {
    const { conditions } = await this.parts.host.reader.ask('manifest', { dir });
    this.update({ conditions });
  }

  /** Reads what was recorded: outcomes and the cut as it was really made. */
  async finish(): Promise<void> {
    if (!this.place) return;
    const { dir, run } = this.place;
    const example = this.rerun.trace.example.id;
    const { conditions } = await this.parts.host.reader.ask('manifest', { dir });
    const comparisons = new Map<ConditionId, Comparison>();
    for (const { id } of conditions) {
      comparisons.set(id, await this.parts.host.reader.ask('comparison', { dir, example, condition: id }));
    }
    this.update({ conditions, answers: comparisons });
    const condition = conditions.at(-1)?.id;
    const comparison = condition && comparisons.get(condition);
    if (!condition || !comparison) return;
    const { uri, trace } = this.rerun;
    const words = conditions.map((one) => signedOutcome(one, comparisons.get(one.id))).join(' · ');
    this.parts.marks.show({ uri, trace, run, condition, comparison, words });
  }

  fail(error: unknown): void {
    const isStopped = error instanceof CancelledError;
    const reason = error instanceof Error ? error.message : String(error);
    this.update({ failure: isStopped ? vscode.l10n.t('Stopped.') : reason });
  }

  close(): void {
    if (this.pending) clearTimeout(this.pending);
    if (this.place) this.parts.host.runs.finish(this.place.run);
  }

  private update(change: Partial<ResultState>): void {
    this.state = { ...this.state, ...change };
    this.parts.results.show(this.document, this.state);
  }

  /** A model writes faster than the editor takes new documents: what came out must not wait behind every word. */
  private showSoon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = null;
      this.update({});
    }, showEveryMs);
  }
}

function signedOutcome(condition: Condition, comparison: Comparison | undefined): string {
  return `${isSwapped(condition) ? '◆' : '●'} ${comparison ? outcomeWords(comparison) : '–'}`;
}
