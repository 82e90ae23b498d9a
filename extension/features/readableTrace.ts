// Owns the readable trace: one example as a real text document, read-only, with folding, an outline and links back to its record.
// Must not know models: the curves are drawn by features of their own.
import * as vscode from 'vscode';
import type { Range } from '../../engine/domain/trace';
import type { ExamplePlace } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { readonlyFiles } from '../host/readonlyFiles';
import { commands } from '../manifest/commands';
import { pickExample } from '../trace/pickExample';
import { isEdit, isTrace, type TraceAddress, traceLanguage, traceScheme, traceUri } from '../trace/traceAddress';
import { traceOutline } from '../trace/traceOutline';
import { editorRange } from '../trace/traceRange';
import { tracesOf } from '../trace/traceShelf';

/** What other parts may ask for: an example by its place from 0, as a run recorded it, or by its id; and which of its reasoning to select. */
export type OpenTraceRequest = { readonly file: string; readonly range?: Range } & ExamplePlace;

export function startReadableTrace(host: Host): vscode.Disposable[] {
  const command = async (asked?: unknown): Promise<void> => {
    try {
      const address = isRequest(asked) ? toAddress(asked) : await pickExample(host, asked);
      if (address) await showTrace(host, address, isRequest(asked) ? asked.range : undefined);
    } catch (error) {
      host.report(error, vscode.l10n.t('open the trace'));
    }
  };
  const setLanguage = (document: vscode.TextDocument): void => {
    if ((isTrace(document) || isEdit(document)) && document.languageId !== traceLanguage)
      void vscode.languages.setTextDocumentLanguage(document, traceLanguage);
  };
  for (const document of vscode.workspace.textDocuments) setLanguage(document);
  const readonlyWords = vscode.l10n.t('This is the record as it is read. “Edit a copy” makes one to change.');
  return [
    vscode.workspace.registerFileSystemProvider(traceScheme, traceFiles(host), {
      isCaseSensitive: true,
      isReadonly: new vscode.MarkdownString(readonlyWords),
    }),
    vscode.workspace.onDidOpenTextDocument(setLanguage),
    vscode.commands.registerCommand(commands.openTrace.id, command),
    ...traceOutline(host),
  ];
}

async function showTrace(host: Host, address: TraceAddress, range?: Range): Promise<void> {
  const document = await vscode.workspace.openTextDocument(traceUri(address));
  await vscode.languages.setTextDocumentLanguage(document, traceLanguage);
  const editor = await vscode.window.showTextDocument(document, { preview: true });
  if (!range) return;
  const { layout } = await tracesOf(host).get(document.uri);
  const selected = editorRange(layout.lines, range);
  if (!selected) return;
  editor.selection = new vscode.Selection(selected.start, selected.end);
  editor.revealRange(selected, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function isRequest(asked: unknown): asked is OpenTraceRequest {
  if (typeof asked !== 'object' || asked === null || asked instanceof vscode.Uri) return false;
  const { file, index, id } = asked as Record<string, unknown>;
  const isPlace = Number.isInteger(index) || typeof id === 'string';
  return typeof file === 'string' && isPlace;
}

function toAddress(asked: OpenTraceRequest): TraceAddress {
  if ('index' in asked) return { file: asked.file, at: { index: asked.index } };
  const { file, id } = asked;
  return { file, at: 'source' in asked && asked.source ? { source: asked.source, id } : { id } };
}

function traceFiles(host: Host): vscode.FileSystemProvider {
  const { provider, touch } = readonlyFiles({
    textOf: async (uri) => (await tracesOf(host).get(uri)).layout.text,
    failureTitle: vscode.l10n.t('This example cannot be shown.'),
    log: host.log,
  });
  tracesOf(host).onDidChangeFile((file) => {
    const open = vscode.workspace.textDocuments.filter((one) => isTrace(one));
    touch(open.map(({ uri }) => uri).filter(({ query }) => query.includes(JSON.stringify(file))));
  });
  return provider;
}
