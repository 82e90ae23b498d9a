// Owns what a person may do with the examples that a trace editor shows: copy them, look at their bytes, read or re-run them.
import * as vscode from 'vscode';
import type { TraceIntent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { exportExamples } from './exportFiles';
import type { TraceDocument } from './traceEditorDocument';
import { rawUri } from './traceEditorRaw';

type Actions = {
  readonly [D in TraceIntent['do']]: (
    at: { readonly host: Host; readonly document: TraceDocument },
    intent: Extract<TraceIntent, { do: D }>,
  ) => unknown;
};

const actions: Actions = {
  copyExamples: async ({ host, document: { file } }, { indexes }) => {
    await vscode.env.clipboard.writeText(await host.reader.ask('examplesJson', { file, indexes }));
    const words =
      indexes.length === 1
        ? vscode.l10n.t('Copied as JSON')
        : vscode.l10n.t('Copied {0} examples as JSON', indexes.length);
    vscode.window.setStatusBarMessage(words, 3000);
  },
  // Ends when the person has answered; the page need not wait for that.
  exportExamples: ({ host, document: { file } }, { indexes }) =>
    void exportExamples(host, file, indexes).catch((error) => host.report(error, vscode.l10n.t('export the examples'))),
  rerunExamples: async ({ host, document: { file } }, { indexes }) => {
    const only = await host.reader.ask('exampleIds', { file, indexes });
    void vscode.commands.executeCommand(commands.rerun.id, { file, only });
  },
  // The command shows its own failures; a page need not wait for what a person answers there.
  rerunFile: ({ document: { uri } }) => void vscode.commands.executeCommand(commands.rerun.id, uri),
  openReadable: ({ document: { file } }, { index }) =>
    void vscode.commands.executeCommand(commands.openTrace.id, { file, index }),
  openRaw: async ({ document: { file } }, { at }) => {
    const shown = await vscode.workspace.openTextDocument(rawUri(file, at));
    await vscode.window.showTextDocument(shown, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  },
  chooseFields: ({ document: { uri } }) => void vscode.commands.executeCommand(commands.chooseFields.id, uri),
  reload: ({ document }) => document.reload(),
};

/** @throws UserError when the file is no longer what the page shows. */
export async function actOnTraces<D extends TraceIntent['do']>(
  host: Host,
  document: TraceDocument,
  intent: Extract<TraceIntent, { do: D }>,
): Promise<void> {
  if (intent.do !== 'reload' && intent.do !== 'chooseFields') await document.checkUnchanged();
  await actions[intent.do as D]({ host, document }, intent);
}
