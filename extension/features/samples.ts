// Owns bringing the samples that come with the extension into a person's folder, where runs on them can be recorded.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';

const sample = 'loans-mixed.jsonl';

export function startSamples(host: Host): vscode.Disposable[] {
  const open = (): Promise<void> =>
    openSample(host).catch((error) => host.report(error, vscode.l10n.t('open the samples')));
  return [vscode.commands.registerCommand(commands.openSamples.id, open)];
}

/** Copies the sample beside the person's own files, unless it is there already, and opens it as traces. */
async function openSample(host: Host): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) {
    const fix = { label: vscode.l10n.t('Open a Folder'), command: 'vscode.openFolder' };
    throw new UserError(
      vscode.l10n.t('Open a folder first: the samples and what you run on them are kept in it.'),
      fix,
    );
  }
  const target = vscode.Uri.joinPath(folder.uri, sample);
  const isThere = await vscode.workspace.fs.stat(target).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(host.context.extensionUri, 'samples', sample), target);
  }
  await vscode.commands.executeCommand(commands.openTraces.id, target);
}
