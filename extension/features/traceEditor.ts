// Owns the trace editor: a read-only editor of a file's examples, for files of any size, because it never makes a text document of one.
import * as vscode from 'vscode';
import type { Host } from '../host/host';
import { loadPage } from '../host/webviews';
import { commands } from '../manifest/commands';
import { traceEditorIds } from '../manifest/editors';
import { exportExamples } from './exportFiles';
import { createTraceDocument, type TraceDocument } from './traceEditorDocument';
import { startRawRecords } from './traceEditorRaw';
import { serveTracesPage } from './traceEditorService';
import { traceFilesOfWorkspace } from './workspaceTraces';

export function startTraceEditor(host: Host): vscode.Disposable[] {
  const provider: vscode.CustomReadonlyEditorProvider<TraceDocument> = {
    openCustomDocument: (uri) => createTraceDocument(host, uri),
    resolveCustomEditor: (document, panel) => showPage(host, document, panel),
  };
  const options = { supportsMultipleEditorsPerDocument: true, webviewOptions: { enableFindWidget: true } };
  return [
    ...Object.values(traceEditorIds).map((id) => vscode.window.registerCustomEditorProvider(id, provider, options)),
    vscode.commands.registerCommand(commands.openTraces.id, (clicked?: unknown, selected?: unknown) =>
      openTraces(host, clicked, selected),
    ),
    vscode.commands.registerCommand(commands.exportTraces.id, async (clicked?: unknown) => {
      try {
        const file = clicked instanceof vscode.Uri ? clicked : await currentFile();
        if (file) await exportExamples(host, file.fsPath, null);
      } catch (error) {
        host.report(error, vscode.l10n.t('export the traces'));
      }
    }),
    ...startRawRecords(host),
  ];
}

function showPage(host: Host, document: TraceDocument, panel: vscode.WebviewPanel): void {
  const onDidHide = (hide: () => void) => panel.onDidChangeViewState(() => panel.visible || hide());
  const surface = { webview: panel.webview, onDidHide, onDidDispose: panel.onDidDispose };
  loadPage(surface, host.context.extensionUri, (port) => {
    serveTracesPage(host, port, document);
  });
}

/** The explorer passes the clicked file and the whole selection; the palette passes nothing, and means the file that is open. */
async function openTraces(host: Host, clicked: unknown, selected: unknown): Promise<void> {
  try {
    const many = Array.isArray(selected) ? selected.filter((one): one is vscode.Uri => one instanceof vscode.Uri) : [];
    const files = many.length > 0 ? many : [clicked instanceof vscode.Uri ? clicked : await currentFile()];
    const opened = await Promise.all(files.map((file) => (file ? tracesIn(file) : [])));
    for (const file of opened.flat()) {
      await vscode.commands.executeCommand('vscode.openWith', file, traceEditorIds.option);
    }
  } catch (error) {
    host.report(error, vscode.l10n.t('open the traces'));
  }
}

/** A folder stands for the trace files in it, of which the person chooses; one without any is one trace file itself, as some tools write them. */
async function tracesIn(uri: vscode.Uri): Promise<readonly vscode.Uri[]> {
  const { type } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.Directory) === 0) return [uri];
  const found = await traceFilesOfWorkspace(uri);
  if (found.length < 2) return found.length === 0 ? [uri] : found;
  const items = found.map((file) => ({ label: vscode.workspace.asRelativePath(file), file }));
  const placeHolder = vscode.l10n.t('Which of these files?');
  return ((await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true })) ?? []).map(({ file }) => file);
}

async function currentFile(): Promise<vscode.Uri | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isFile = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  if (isFile && input.uri.scheme === 'file') return input.uri;
  return (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Open as traces') }))?.[0];
}
