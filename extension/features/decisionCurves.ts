// Owns the decision curves of readable traces that are shown: asks while somebody looks, draws them in the margin, says them in inlays, hovers
// and a legend, and lets a person choose the model and the swap.
import * as vscode from 'vscode';
import type { TraceCurveSpec } from '../../engine/domain/traceCurve';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { createCurveMarks } from '../trace/curveMarks';
import { curveProviders } from '../trace/curveProviders';
import { createCurveStore } from '../trace/curveStore';
import { lensRowsOf } from '../trace/lensRows';
import { addressOf, isTrace, traceScheme } from '../trace/traceAddress';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { askTraceModel, askTraceSwap } from './traceChoice';

export function startDecisionCurves(host: Host): vscode.Disposable[] {
  const store = createCurveStore(host.engine);
  const rows = lensRowsOf(host);
  const marks = createCurveMarks(rows.has);
  const shownEditors = (): readonly vscode.TextEditor[] =>
    vscode.window.visibleTextEditors.filter(({ document }) => isTrace(document));
  const draw = (editor: vscode.TextEditor): void => {
    const { uri } = editor.document;
    const trace = tracesOf(host).peek(uri);
    if (trace) marks.draw(editor, trace.layout, store.stateOf(uri));
  };

  const askFor = async ({ document }: vscode.TextEditor): Promise<void> => {
    const trace = await tracesOf(host)
      .get(document.uri)
      .catch(() => null);
    const spec = trace && curveSpec(host, trace);
    if (spec && vscode.workspace.isTrusted) store.ask(document.uri, spec);
  };
  const look = (): void => {
    const editors = shownEditors();
    for (const editor of editors) {
      draw(editor);
      void askFor(editor);
    }
    const seen = new Set(editors.map(({ document }) => document.uri.toString()));
    for (const { uri } of vscode.workspace.textDocuments) if (!seen.has(uri.toString())) store.pause(uri);
  };
  const providers = curveProviders({
    selector: { scheme: traceScheme },
    view: (document) => {
      const trace = tracesOf(host).peek(document.uri);
      if (!trace) return null;
      const { uri } = document;
      return { trace, layout: trace.layout, state: store.stateOf(uri), choice: tracesOf(host).choiceFor(trace) };
    },
  });
  const onChange = (uri: vscode.Uri): void => {
    for (const editor of shownEditors()) if (editor.document.uri.toString() === uri.toString()) draw(editor);
    providers.refresh();
  };
  look();
  return [
    store,
    marks,
    ...providers.disposables,
    store.onDidChange(onChange),
    rows.onDidChange((uri) => {
      for (const editor of shownEditors()) if (editor.document.uri.toString() === uri.toString()) draw(editor);
    }),
    tracesOf(host).onDidChoose(look),
    tracesOf(host).onDidChangeFile((file) => {
      for (const { document } of shownEditors()) if (addressOf(document.uri).file === file) store.forget(document.uri);
      look();
    }),
    vscode.window.onDidChangeVisibleTextEditors(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => isTrace(document) && look()),
    vscode.window.onDidChangeTextEditorVisibleRanges(
      ({ textEditor }) => isTrace(textEditor.document) && draw(textEditor),
    ),
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => store.pause(uri)),
    onTrace(host, commands.chooseTraceModel.id, askTraceModel),
    onTrace(host, commands.chooseTraceSwap.id, askTraceSwap),
  ];
}

/** What the engine is asked; `null` where no model was chosen, or the record cannot be re-run. */
export function curveSpec(host: Host, trace: ShownTrace): TraceCurveSpec | null {
  const { model, swap } = tracesOf(host).choiceFor(trace);
  if (model === null || trace.example.opaque !== null) return null;
  return {
    model,
    example: trace.example,
    options: trace.summary.answer.options,
    swap: swap === null ? null : { id: 'swap', params: { ...swap } },
    from: 0,
  };
}

function onTrace(host: Host, id: string, act: (host: Host, trace: ShownTrace) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async () => {
    try {
      const uri = vscode.window.activeTextEditor?.document.uri;
      if (uri) await act(host, await tracesOf(host).get(uri));
    } catch (error) {
      host.report(error, vscode.l10n.t('choose for this trace'));
    }
  });
}
