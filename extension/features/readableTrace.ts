// Owns the readable trace: one example as a real text document, read-only, with folding, an outline and links back to its record.
// Must not know models: the curves are drawn by features of their own.
import * as vscode from 'vscode';
import type { ExamplePlace } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { readonlyFiles } from '../host/readonlyFiles';
import { commands } from '../manifest/commands';
import { pickExample } from '../trace/pickExample';
import { isEdit, isTrace, type TraceAddress, traceLanguage, traceScheme, traceUri } from '../trace/traceAddress';
import { traceOutline } from '../trace/traceOutline';
import { tracesOf } from '../trace/traceShelf';

/** What other parts may ask for: an example by its place from 0, or as a run recorded it. */
export type OpenTraceRequest = { readonly file: string } & ExamplePlace;

export function startReadableTrace(host: Host): vscode.Disposable[] {
  const command = async (asked?: unknown): Promise<void> => {
    try {
      const address = isRequest(asked) ? toAddress(asked) : await pickExample(host, asked);
      if (address) await showTrace(address);
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

async function showTrace(address: TraceAddress): Promise<void> {
  const document = await vscode.workspace.openTextDocument(traceUri(address));
  await vscode.languages.setTextDocumentLanguage(document, traceLanguage);
  await vscode.window.showTextDocument(document, { preview: true });
}

function isRequest(asked: unknown): asked is OpenTraceRequest {
  if (typeof asked !== 'object' || asked === null || asked instanceof vscode.Uri) return false;
  const { file, index, id, source } = asked as Record<string, unknown>;
  const isPlace = Number.isInteger(index) || (typeof id === 'string' && typeof source === 'object' && source !== null);
  return typeof file === 'string' && isPlace;
}

function toAddress(asked: OpenTraceRequest): TraceAddress {
  if ('index' in asked) return { file: asked.file, at: { index: asked.index } };
  return { file: asked.file, at: { source: asked.source, id: asked.id } };
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
