// Owns what can be done with a step of a readable trace where it is read: a row of actions above it (of the cursor's step, unless a person wants
// them above all), and the same on hover. Must not know how a re-run is made.
import * as vscode from 'vscode';
import type { Host } from '../host/host';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import type { CutMarks } from './cutMarks';
import { lensRowsOf } from './lensRows';
import { isTrace, traceScheme } from './traceAddress';
import type { ReasoningLine } from './traceLayout';
import { type ShownTrace, tracesOf } from './traceShelf';

/** What a re-run is passed: the document and the offset of the reasoning at which to cut. */
export type RerunAt = { readonly uri: string; readonly offset: number };

/** Steps beyond are re-run from the menu or by key. */
const mostLenses = 1000;
/** A cursor that moves on takes its row along only when it rests. */
const restMs = 150;

export function stepActions(host: Host, marks: CutMarks): vscode.Disposable[] {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  const onCursor = ({ textEditor }: vscode.TextEditorSelectionChangeEvent): void => {
    if (!isTrace(textEditor.document)) return;
    clearTimeout(timer);
    timer = setTimeout(() => changed.fire(), restMs);
  };
  const lenses: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const trace = tracesOf(host).peek(document.uri);
      const found = trace && trace.example.opaque === null ? lensesIn(document, trace, marks) : [];
      const lines = found.map(({ range }) => range.start.line);
      lensRowsOf(host).set(document.uri, 'steps', [...new Set(lines)]);
      return found;
    },
  };
  const hovers: vscode.HoverProvider = {
    provideHover: (document, { line }) => hoverOn(document, tracesOf(host).peek(document.uri), line),
  };
  const selector = { scheme: traceScheme };
  return [
    changed,
    { dispose: () => clearTimeout(timer) },
    marks.onDidChange(() => changed.fire()),
    vscode.window.onDidChangeTextEditorSelection(onCursor),
    vscode.workspace.onDidChangeConfiguration(
      (change) => change.affectsConfiguration('counterthought.stepActions') && changed.fire(),
    ),
    vscode.languages.registerCodeLensProvider(selector, lenses),
    vscode.languages.registerHoverProvider(selector, hovers),
  ];
}

/** From here, without this step, and what came of it the last time. */
function lensesIn(document: vscode.TextDocument, trace: ShownTrace, marks: CutMarks): vscode.CodeLens[] {
  const { uri } = document;
  const { lines } = trace.layout;
  const done = marks.outcomeIn(uri);
  const withActions = linesWithActions(document, lines);
  return lines.flatMap((one, i) => {
    const range = new vscode.Range(one.line, 0, one.line, 0);
    const actions = withActions.has(one.line) ? actionsOn(uri, one, i) : [];
    const own = actions.map(
      ({ title, command, asked }) => new vscode.CodeLens(range, { title, command, arguments: [asked] }),
    );
    if (done?.line !== one.line) return own;
    return [...own, new vscode.CodeLens(range, { title: `→ ${done.words}`, command: commands.openCutDiff.id })];
  });
}

function linesWithActions(document: vscode.TextDocument, lines: readonly ReasoningLine[]): ReadonlySet<number> {
  const where = setting('counterthought.stepActions', document.uri);
  if (where === 'off') return new Set();
  if (where === 'steps') return new Set(lines.slice(0, mostLenses).map(({ line }) => line));
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const cursor = editor?.selection.active.line;
  const [first] = lines;
  // Before the cursor is in the reasoning, its first step shows what there is.
  const step = lines.find(({ line }) => line === cursor) ?? first;
  return new Set(step ? [step.line] : []);
}

type StepAction = { readonly title: string; readonly command: string; readonly asked: object };

const actionsOn = (uri: vscode.Uri, { shown }: ReasoningLine, index: number): readonly StepAction[] => {
  const document = uri.toString();
  const here = { uri: document, offset: shown.start } satisfies RerunAt;
  return [
    { title: vscode.l10n.t('Re-run from here'), command: commands.rerunHere.id, asked: here },
    {
      title: vscode.l10n.t('without this step'),
      command: commands.rerunWithout.id,
      asked: { uri: document, step: index + 1 },
    },
    {
      title: vscode.l10n.t('annotate'),
      command: commands.annotateWords.id,
      asked: { uri: document, start: shown.start, end: shown.end },
    },
  ];
};

function hoverOn(document: vscode.TextDocument, trace: ShownTrace | null, line: number): vscode.Hover | null {
  const index = trace?.example.opaque === null ? trace.layout.lines.findIndex((one) => one.line === line) : -1;
  const step = trace?.layout.lines[index];
  if (!step) return null;
  const actions = actionsOn(document.uri, step, index);
  const links = actions.map(
    ({ title, command, asked }) => `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([asked]))})`,
  );
  const words = new vscode.MarkdownString(links.join(' · '));
  words.isTrusted = { enabledCommands: actions.map(({ command }) => command) };
  return new vscode.Hover(words);
}
