// Owns texts that are made to be read once: documents that nobody is asked to save.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { Host } from '../host/host';
import { readonlyFiles } from '../host/readonlyFiles';

const scheme = 'counterthought-text';
const texts = new Map<string, string>();

export function startPlainTexts(host: Host): vscode.Disposable[] {
  const { provider } = readonlyFiles({
    textOf: async (uri) => {
      const text = texts.get(uri.toString());
      if (text === undefined) throw new UserError(vscode.l10n.t('It was made before the window was reloaded.'));
      return text;
    },
    failureTitle: vscode.l10n.t('This text is gone.'),
    log: host.log,
  });
  return [
    vscode.workspace.registerFileSystemProvider(scheme, provider, { isCaseSensitive: true, isReadonly: true }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ];
}

let lastNumber = 0;

type PlainText = { readonly name: string; readonly text: string; readonly preserveFocus?: boolean };

export async function showText({ name, text, preserveFocus = false }: PlainText): Promise<void> {
  lastNumber += 1;
  const uri = vscode.Uri.from({ scheme, path: `/${name} ${lastNumber}` });
  texts.set(uri.toString(), text);
  await vscode.window.showTextDocument(uri, { preview: true, preserveFocus });
}
