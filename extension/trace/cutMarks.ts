// Owns the marks of the last re-run in a readable trace: where exactly it was cut, what was taken away, and what came of it.
import * as vscode from 'vscode';
import type { Comparison } from '../../engine/domain/comparison';
import type { ConditionId, ExampleId, RunId } from '../../engine/domain/ids';
import { positionAt } from './traceLayout';
import { editorRange } from './traceRange';
import type { ShownTrace } from './traceShelf';

export type CutOutcome = {
  readonly uri: vscode.Uri;
  readonly trace: ShownTrace;
  readonly run: RunId;
  readonly condition: ConditionId;
  readonly comparison: Comparison;
  /** What came out under every condition. */
  readonly words: string;
};

export type CutMarks = {
  readonly show: (outcome: CutOutcome) => void;
  /** The line of the cut and the words of its outcome, in this document. */
  readonly outcomeIn: (uri: vscode.Uri) => { readonly line: number; readonly words: string } | null;
  /** What the diff shows of the last re-run. */
  readonly last: () => { readonly run: RunId; readonly example: ExampleId; readonly condition: ConditionId } | null;
  readonly onDidChange: vscode.Event<void>;
  readonly dispose: () => void;
};

export function createCutMarks(): CutMarks {
  const changed = new vscode.EventEmitter<void>();
  const cut = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('charts.red'), fontWeight: 'bold' },
  });
  const removed = vscode.window.createTextEditorDecorationType({ opacity: '0.55' });
  let last: CutOutcome | null = null;

  const draw = (editor: vscode.TextEditor): void => {
    const shown = last && editor.document.uri.toString() === last.uri.toString() ? last : null;
    editor.setDecorations(cut, shown ? [cutOption(shown)] : []);
    editor.setDecorations(removed, shown ? removedRanges(shown) : []);
  };
  const drawAll = (): void => vscode.window.visibleTextEditors.forEach(draw);
  const visible = vscode.window.onDidChangeVisibleTextEditors(drawAll);
  return {
    show: (outcome) => {
      last = outcome;
      drawAll();
      changed.fire();
    },
    outcomeIn: (uri) => {
      if (last?.uri.toString() !== uri.toString()) return null;
      const line = cutPosition(last)?.line;
      return line === undefined ? null : { line, words: last.words };
    },
    last: () => last && { run: last.run, example: last.comparison.example.id, condition: last.condition },
    onDidChange: changed.event,
    dispose: () => {
      for (const one of [cut, removed, changed, visible]) one.dispose();
    },
  };
}

/** The end of what was kept; where steps were left out, the first of these: the cut's offset is one of the text without them. */
function cutPosition({ trace, comparison: { cut } }: CutOutcome): vscode.Position | null {
  const position = positionAt(trace.layout.lines, cut.changes?.[0]?.range.start ?? cut.offset);
  return position && new vscode.Position(position.line, position.character);
}

function cutOption(outcome: CutOutcome): vscode.DecorationOptions {
  const position = cutPosition(outcome) ?? new vscode.Position(outcome.trace.layout.titleLine, 0);
  const { k, n, backedOff, changes } = outcome.comparison.cut;
  const margin = '0 0.5em';
  if (changes)
    return {
      range: new vscode.Range(position, position),
      renderOptions: { after: { contentText: `✂ ${vscode.l10n.t('left out')} `, margin } },
    };
  const counts = vscode.l10n.t('{0} of {1} tokens kept', k, n);
  const contentText = backedOff ? `✂ ${counts}, ${vscode.l10n.t('moved back to a whole character')} ` : `✂ ${counts} `;
  return { range: new vscode.Range(position, position), renderOptions: { after: { contentText, margin } } };
}

/** What the re-run did not see: the steps that were left out, else the rest of the line of the cut and the lines behind it. */
function removedRanges(outcome: CutOutcome): readonly vscode.Range[] {
  const { lines } = outcome.trace.layout;
  const { changes } = outcome.comparison.cut;
  if (changes) return changes.flatMap(({ range }) => editorRange(lines, range) ?? []);
  const position = cutPosition(outcome);
  const end = lines.at(-1)?.line;
  if (!position || end === undefined) return [];
  return [new vscode.Range(position, new vscode.Position(end, Number.MAX_SAFE_INTEGER))];
}
