// Owns "Choose the fields of this file": where the mapping of a file lies, and writing or removing it. What it holds is asked by the picker.
import path from 'node:path';
import * as vscode from 'vscode';
import type { FieldMapping } from '../../engine/domain/fieldMapping';
import { mappingSuffix } from '../../engine/domain/fieldMapping';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { traceEditorIds } from '../manifest/editors';
import { pickMapping } from './mappingPicker';

export function startMapping(host: Host): vscode.Disposable[] {
  const command = async (clicked?: unknown): Promise<void> => {
    try {
      const file = await fileOf(clicked);
      if (file) await chooseFields(host, file);
    } catch (error) {
      host.report(error, vscode.l10n.t('choose the fields'));
    }
  };
  return [vscode.commands.registerCommand(commands.chooseFields.id, command)];
}

/** A menu passes the file, a message's button its path, the palette nothing: then the file that is shown is meant. */
async function fileOf(clicked: unknown): Promise<vscode.Uri | undefined> {
  if (clicked instanceof vscode.Uri) return clicked;
  if (typeof clicked === 'string') return vscode.Uri.file(clicked);
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return input.uri;
  return (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Choose the fields of a file') }))?.[0];
}

async function chooseFields(host: Host, file: vscode.Uri): Promise<void> {
  const choice = await pickMapping(host, file.fsPath);
  if (!choice) return;
  const mapping = file.with({ path: `${file.path}${mappingSuffix}` });
  if (choice === 'remove') await vscode.workspace.fs.delete(mapping);
  else await write(mapping, choice);
  const name = path.basename(mapping.fsPath);
  const words = choice === 'remove' ? vscode.l10n.t('Removed {0}', name) : vscode.l10n.t('Saved as {0}', name);
  vscode.window.setStatusBarMessage(words, 5000);
  if (choice !== 'remove') await vscode.commands.executeCommand('vscode.openWith', file, traceEditorIds.option);
}

async function write(mapping: vscode.Uri, choice: FieldMapping): Promise<void> {
  await vscode.workspace.fs.writeFile(mapping, new TextEncoder().encode(`${JSON.stringify(choice, null, 2)}\n`));
}
