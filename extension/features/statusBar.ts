// Owns the status bar item: what the engine is doing, and a way to its log.
import * as vscode from 'vscode';
import type { EngineState } from '../host/engineProcess';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';

export function startStatusBar(host: Host): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem('counterthought.engine', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Counterthought engine');
  item.command = commands.showFlips.id;
  const update = (state: EngineState): void => {
    const { text, tooltip } = describe(state);
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: vscode.l10n.t('Counterthought: {0}', tooltip) };
    if (state.kind === 'stopped') item.hide();
    else item.show();
  };
  return [item, host.onDidChangeEngine(update)];
}

function describe(state: EngineState): { readonly text: string; readonly tooltip: string } {
  switch (state.kind) {
    case 'stopped':
      return { text: '', tooltip: vscode.l10n.t('The engine is not running; the next re-run starts it.') };
    case 'starting':
      return { text: '$(sync~spin) Counterthought', tooltip: vscode.l10n.t('The engine is starting.') };
    case 'ready':
      return {
        text: '$(check) Counterthought',
        tooltip: vscode.l10n.t('The engine is ready (process {0}).', state.pid),
      };
    case 'failed':
      return {
        text: '$(warning) Counterthought',
        tooltip: vscode.l10n.t(
          '{0} Runs are kept: resume one, or start another, and the engine starts again.',
          state.reason,
        ),
      };
  }
}
