// Owns live what-if: a copy of a readable trace to edit, whose answer's probability follows each key stroke. Must not know how it is scored.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { TraceCurveSpec } from '../../engine/domain/traceCurve';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { type CurveLayout, createCurveMarks } from '../trace/curveMarks';
import { type CurveProviders, type CurveView, curveProviders } from '../trace/curveProviders';
import { type CurveState, type CurveStore, createCurveStore } from '../trace/curveStore';
import { editFiles } from '../trace/editFiles';
import { type EditedTrace, type Misread, readBack } from '../trace/readBack';
import { editScheme, isEdit, isTrace, traceLanguage } from '../trace/traceAddress';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { type WhatIfStatus, whatIfStatus } from '../trace/whatIfStatus';
import { curveSpec } from './decisionCurves';
import { keepEdit } from './keepEdit';

/** Key strokes that follow one another faster are one question. */
const debounceMs = 25;
/** After so long without a key stroke the copy is written, so that closing it asks nothing. */
const saveAfterMs = 700;

/** Marks wait so long for the whole curve, so that they do not flicker while a person types. */
const redrawAfterMs = 250;

/** What was read in a copy. */
type Reading = { readonly trace: ShownTrace; readonly edited: EditedTrace };

export function startWhatIf(host: Host): vscode.Disposable[] {
  const whatIf = new WhatIf(host);
  whatIf.look();
  return [
    whatIf,
    vscode.workspace.registerFileSystemProvider(editScheme, editFiles(host), { isCaseSensitive: true }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (isEdit(document) && contentChanges.length > 0) whatIf.soon(document);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => isEdit(document) && whatIf.forget(document.uri)),
    tracesOf(host).onDidChoose(() => whatIf.look()),
    vscode.window.onDidChangeVisibleTextEditors(() => whatIf.look()),
    vscode.window.onDidChangeActiveTextEditor((editor) => whatIf.status.show(editor)),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => whatIf.draw(textEditor.document.uri)),
    command(host, commands.editCopy.id, editCopy),
    command(host, commands.keepEdit.id, () => whatIf.keep()),
  ];
}

function command(host: Host, id: string, act: () => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async () => {
    try {
      await act();
    } catch (error) {
      host.report(error, vscode.l10n.t('edit a copy of the trace'));
    }
  });
}

class WhatIf {
  private readonly store: CurveStore;
  private readonly marks = createCurveMarks();
  private readonly problems = vscode.languages.createDiagnosticCollection('counterthought-edit');
  private readonly readings = new Map<string, Reading>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly providers: CurveProviders;
  readonly status: WhatIfStatus;

  constructor(private readonly host: Host) {
    this.store = createCurveStore(host.engine);
    this.status = whatIfStatus(this.store);
    this.providers = curveProviders({ selector: { scheme: editScheme }, view: ({ uri }) => this.view(uri) });
    this.store.onDidChange((uri) => this.hear(uri));
  }

  look(): void {
    for (const { document } of vscode.window.visibleTextEditors) if (isEdit(document)) void this.score(document);
    this.status.show(vscode.window.activeTextEditor);
  }

  /** Scores after a moment, and writes the copy after a longer one. */
  soon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.later(key, debounceMs, () => void this.score(document));
    this.later(`save ${key}`, saveAfterMs, () => document.isDirty && void document.save());
  }

  private later(key: string, ms: number, act: () => void): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(act, ms));
  }

  forget(uri: vscode.Uri): void {
    this.store.forget(uri);
    this.readings.delete(uri.toString());
    this.problems.delete(uri);
  }

  draw(uri: vscode.Uri): void {
    const reading = this.readings.get(uri.toString());
    for (const editor of vscode.window.visibleTextEditors) {
      if (uri.scheme !== editScheme || editor.document.uri.toString() !== uri.toString()) continue;
      this.marks.draw(editor, reading?.edited ?? nothing, reading ? this.store.stateOf(uri) : null);
    }
  }

  private async score(document: vscode.TextDocument): Promise<void> {
    const { uri } = document;
    const trace = await tracesOf(this.host)
      .get(uri)
      .catch(() => null);
    if (!trace || document.isClosed) return;
    const edited = readBack(document.getText(), trace.example, trace.layout);
    this.problems.set(uri, problemsOf(document, edited));
    if ('reasoning' in edited) this.ask(uri, { trace, edited });
    else this.giveUp(uri, edited);
  }

  private ask(uri: vscode.Uri, reading: Reading): void {
    this.readings.set(uri.toString(), reading);
    const spec = curveSpec(this.host, reading.trace);
    if (!spec || !vscode.workspace.isTrusted) {
      this.status.idle(uri, spec === null);
      return;
    }
    this.status.begin(uri, spec);
    this.store.ask(uri, editedSpec(spec, reading.edited, this.store.stateOf(uri)));
  }

  private giveUp(uri: vscode.Uri, misread: Misread): void {
    this.readings.delete(uri.toString());
    this.store.forget(uri);
    this.status.misread(uri, misread);
    this.draw(uri);
    this.providers.refresh();
  }

  private hear(uri: vscode.Uri): void {
    this.status.update(uri);
    const state = this.store.stateOf(uri);
    if (!state || (state.summary === null && Date.now() - state.askedAtMs < redrawAfterMs)) return;
    this.draw(uri);
    this.providers.refresh();
  }

  /** @throws UserError when no copy is in front that can be read */
  async keep(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri.toString() ?? '';
    const reading = this.readings.get(uri);
    if (!reading) throw new UserError(vscode.l10n.t('Edit a copy of a trace first; then its change can be kept.'));
    await keepEdit(this.host, reading.trace, reading.edited);
  }

  private view(uri: vscode.Uri): CurveView | null {
    const reading = this.readings.get(uri.toString());
    if (!reading) return null;
    const { trace, edited } = reading;
    return { trace, layout: edited, state: this.store.stateOf(uri), choice: tracesOf(this.host).choiceFor(trace) };
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const one of [this.store, this.marks, this.problems, this.status, ...this.providers.disposables])
      one.dispose();
  }
}

const nothing: CurveLayout = { lines: [], titleLine: 0 };

/** Opens the copy of the trace that is shown, at the same place. */
async function editCopy(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !isTrace(editor.document)) {
    const fix = { label: vscode.l10n.t('Read one trace'), command: commands.openTrace.id };
    throw new UserError(
      vscode.l10n.t('Open an example with “Read one trace” first; then a copy of it can be edited.'),
      fix,
    );
  }
  const uri = editor.document.uri.with({ scheme: editScheme, path: `${editor.document.uri.path} ✎` });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, traceLanguage);
  const { selection } = editor;
  await vscode.window.showTextDocument(document, { selection, preview: false });
}

/** Asks from the first character on that differs from what was asked before; everything before stays as it was scored. */
function editedSpec(
  spec: TraceCurveSpec,
  { messages, reasoning }: EditedTrace,
  before: CurveState | null,
): TraceCurveSpec {
  const was = before?.spec.edited?.reasoning;
  const differs = was === undefined ? 0 : firstDifference(was, reasoning);
  const isSameElse =
    before !== null &&
    before.failure === null &&
    JSON.stringify([before.spec.model, before.spec.swap, before.spec.edited?.messages]) ===
      JSON.stringify([spec.model, spec.swap, messages]);
  const from = !isSameElse ? 0 : before.summary ? differs : Math.min(before.spec.from, differs);
  return { ...spec, edited: { messages, reasoning }, from };
}

function firstDifference(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function problemsOf(document: vscode.TextDocument, edited: EditedTrace | Misread): vscode.Diagnostic[] {
  if (!('reasoning' in edited)) {
    const line = Math.min(edited.line, document.lineCount - 1);
    return [
      new vscode.Diagnostic(document.lineAt(line).range, misreadWords(edited), vscode.DiagnosticSeverity.Warning),
    ];
  }
  if (!edited.answerChanged) return [];
  const words = vscode.l10n.t('The answer is what is measured: a change of it has no effect.');
  const { range } = document.lineAt(document.lineCount - 1);
  return [new vscode.Diagnostic(range, words, vscode.DiagnosticSeverity.Information)];
}

export const misreadWords = ({ expected }: Misread): string =>
  vscode.l10n.t(
    'The title lines tell the parts apart: “{0}” should stand once, in its place. Undo brings it back.',
    expected,
  );
