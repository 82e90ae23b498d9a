// Owns taking figures and their data out of the panel: texts to the clipboard, a PDF to a file that the person names.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Intent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { rootOfRun } from '../host/runLibrary';

type Of<D extends Intent['do']> = Extract<Intent, { do: D }>;

export async function copyText({ text, what }: Of<'copyText'>): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', what), 4000);
}

/** Asks where, writes the file there and offers to show it. */
export async function savePdf(host: Host, { run, figure }: Of<'savePdf'>): Promise<void> {
  const dir = await host.runs.dirOf(run);
  const defaultUri = vscode.Uri.file(path.join(rootOfRun(dir), `${figure}-${run}.pdf`));
  const target = await vscode.window.showSaveDialog({ defaultUri, filters: { PDF: ['pdf'] } });
  if (!target) return;
  await host.reader.ask('figurePdf', { dir, figure, out: target.fsPath });
  const show = vscode.l10n.t('Show in its folder');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The figure was written to {0}.', target.fsPath),
    show,
  );
  if (chosen === show) await vscode.commands.executeCommand('revealFileInOS', target);
}
