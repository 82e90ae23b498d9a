// Owns what the editor asks about the curves of a document: inlays behind the lines, a hover with the whole table, the legend above the
// reasoning. The same for a trace and for a copy that a person edits.
import * as vscode from 'vscode';
import { commands } from '../manifest/commands';
import { type CurveLayout, pointsByLine } from './curveMarks';
import type { CurveState } from './curveStore';
import { drawnOption, hoverWords, inlayWords, legendWords, modelName, swapWords } from './curveWords';
import type { ShownTrace, TraceChoice } from './traceShelf';

export type CurveView = {
  readonly trace: ShownTrace;
  readonly layout: CurveLayout;
  readonly state: CurveState | null;
  readonly choice: TraceChoice;
};

export type CurveProviders = { readonly refresh: () => void; readonly disposables: readonly vscode.Disposable[] };

type Source = {
  readonly selector: vscode.DocumentSelector;
  readonly view: (document: vscode.TextDocument) => CurveView | null;
};

export function curveProviders({ selector, view }: Source): CurveProviders {
  const inlaysChanged = new vscode.EventEmitter<void>();
  const lensesChanged = new vscode.EventEmitter<void>();
  const inlays: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: inlaysChanged.event,
    provideInlayHints: (document, range) => inlayHints(document, range, view(document)),
  };
  const hovers: vscode.HoverProvider = {
    provideHover: (document, position) => hoverAt(document, position, view(document)),
  };
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: lensesChanged.event,
    provideCodeLenses: (document) => legend(document, view(document)),
  };
  return {
    refresh: () => {
      inlaysChanged.fire();
      lensesChanged.fire();
    },
    disposables: [
      inlaysChanged,
      lensesChanged,
      vscode.languages.registerInlayHintsProvider(selector, inlays),
      vscode.languages.registerHoverProvider(selector, hovers),
      vscode.languages.registerCodeLensProvider(selector, lenses),
    ],
  };
}

function inlayHints(document: vscode.TextDocument, range: vscode.Range, shown: CurveView | null): vscode.InlayHint[] {
  const state = shown?.state;
  if (!shown || !state || state.kept.length === 0) return [];
  const option = drawnOption(state);
  const hint = (line: number, label: string, steps: number): vscode.InlayHint => {
    const inlay = new vscode.InlayHint(document.lineAt(line).range.end, label);
    inlay.paddingLeft = true;
    inlay.tooltip = hoverWords(state, steps);
    return inlay;
  };
  const { titleLine, lines } = shown.layout;
  const start = state.kept.find(({ steps }) => steps === 0);
  const swappedStart = state.swapped.find(({ steps }) => steps === 0);
  return [
    ...(start ? [hint(titleLine, inlayWords(option, start, swappedStart), 0)] : []),
    ...pointsByLine(lines, state)
      .filter(({ line }) => line >= range.start.line && line <= range.end.line && line < document.lineCount)
      .map(({ line, kept, swapped }) => hint(line, inlayWords(option, kept, swapped ?? undefined), kept.steps)),
  ];
}

function hoverAt(
  document: vscode.TextDocument,
  { line }: vscode.Position,
  shown: CurveView | null,
): vscode.Hover | null {
  const state = shown?.state;
  if (!shown || !state) return null;
  const point = pointsByLine(shown.layout.lines, state).find((one) => one.line === line);
  const steps = point?.kept.steps ?? (line === shown.layout.titleLine ? 0 : null);
  return steps === null ? null : new vscode.Hover(hoverWords(state, steps), document.lineAt(line).range);
}

function legend(document: vscode.TextDocument, shown: CurveView | null): vscode.CodeLens[] {
  if (!shown || shown.layout.titleLine >= document.lineCount || shown.trace.example.opaque !== null) return [];
  const { range } = document.lineAt(shown.layout.titleLine);
  const lens = (title: string, command: string): vscode.CodeLens => new vscode.CodeLens(range, { title, command });
  const { choice, state } = shown;
  const model = lens(`$(server-process) ${modelName(choice.model)}`, commands.chooseTraceModel.id);
  if (choice.model === null) {
    return [lens(vscode.l10n.t('No curves: which model reads these traces?'), commands.chooseTraceModel.id), model];
  }
  const swap = choice.swap ? vscode.l10n.t('◆ {0}', swapWords(choice.swap)) : vscode.l10n.t('no swap');
  return [
    lens(legendWords(state, vscode.workspace.isTrusted), commands.chooseTraceSwap.id),
    lens(vscode.l10n.t('● prompt kept'), commands.chooseTraceSwap.id),
    lens(swap, commands.chooseTraceSwap.id),
    model,
  ];
}
