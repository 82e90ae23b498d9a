// Owns the flip-rate panel: the view in the bottom panel and which run it shows. Costs nothing while hidden: its page is gone then.
import * as vscode from 'vscode';
import type { RunId } from '../../engine/domain/ids';
import type { Client } from '../../engine/wire/contract';
import type { PageContract, ViewState } from '../../webview/protocol';
import { viewTable } from '../../webview/views';
import type { Host } from '../host/host';
import { loadPage } from '../host/webviews';
import { commands } from '../manifest/commands';
import { servePage } from './pageService';
import type { RunNode } from './runTree';

export function startFlipsPanel(host: Host): vscode.Disposable[] {
  let run: RunId | null = null;
  let page: Client<PageContract> | null = null;
  const state = (): ViewState => ({ view: 'flips', run });
  const tell = (): void => void page?.ask('show', state()).catch((error) => host.log.debug(String(error)));

  /** While the page is being loaded, the reader finds out what the page will ask for first. */
  const getReady = async (): Promise<void> => {
    const [newest] = await host.runs.list();
    const wanted = run ?? newest?.run;
    if (wanted !== undefined) await host.reader.ask('open', { dir: await host.runs.dirOf(wanted) });
  };

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: (view) => {
      void getReady().catch((error) => host.log.debug(String(error)));
      const onDidHide = (hide: () => void) => view.onDidChangeVisibility(() => view.visible || hide());
      loadPage(
        { webview: view.webview, onDidHide, onDidDispose: view.onDidDispose },
        host.context.extensionUri,
        (port) => {
          page = servePage(host, port, state);
        },
      );
    },
  };
  /** Asked for by a page or link with an id, by a tree with its item. */
  const show = async (asked?: RunId | RunNode): Promise<void> => {
    const shown = typeof asked === 'string' ? asked : asked?.run;
    if (typeof shown === 'string') run = shown;
    await vscode.commands.executeCommand(`${viewTable.flips.id}.focus`);
    tell();
  };
  const runsChanged = (): void => void page?.ask('runsChanged', null).catch((error) => host.log.debug(String(error)));
  return [
    vscode.window.registerWebviewViewProvider(viewTable.flips.id, provider),
    vscode.commands.registerCommand(commands.showFlips.id, show),
    host.runs.onDidChange(runsChanged),
  ];
}
