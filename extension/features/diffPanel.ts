// Owns the diff: one editor panel that shows one example under one condition, reused for the next one and restored after a reload.
import * as vscode from 'vscode';
import type { ReviewTarget } from '../../engine/domain/review';
import type { Client } from '../../engine/wire/contract';
import type { Intent, PageContract, ReviewPlace, ViewState } from '../../webview/protocol';
import { viewTable } from '../../webview/views';
import type { Host } from '../host/host';
import { decode, pairSchema } from '../host/pageSchemas';
import { loadPage } from '../host/webviews';
import { servePage } from './pageService';

type OpenDiff = Extract<Intent, { do: 'openDiff' }>;
type DiffPanel = { readonly reveal: (asked: OpenDiff) => void };

/** Examples to annotate one after the other. */
type Review = { readonly targets: readonly ReviewTarget[]; readonly isBlind: boolean };

let shown: DiffPanel | null = null;
let review: Review | null = null;
let lastAsked: OpenDiff | null = null;

/** What the diff shows, or showed last; `null`: nothing yet. */
export const shownInDiff = (): OpenDiff | null => lastAsked;

/** Begins a queue at its first example. */
export function reviewInDiff(host: Host, begun: Review): void {
  const [first] = begun.targets;
  if (!first) return;
  review = begun;
  openDiff(host, { do: 'openDiff', ...first });
}

/** `null` for what is not in the queue. */
function placeInReview({ run, example, condition }: OpenDiff): ReviewPlace | null {
  const { targets = [], isBlind = false } = review ?? {};
  const index = targets.findIndex((one) => one.run === run && one.example === example && one.condition === condition);
  if (index < 0) return null;
  const [previous = null, next = null] = [targets[index - 1]?.example, targets[index + 1]?.example];
  return { index, count: targets.length, previous, next, isBlind };
}

/** Shows the example under the condition beside the panel, in the diff that is open or a new one. */
export function openDiff(host: Host, asked: OpenDiff): void {
  if (shown) {
    shown.reveal(asked);
    return;
  }
  const title = vscode.l10n.t('Original and regenerated');
  const options = { enableFindWidget: true };
  const panel = vscode.window.createWebviewPanel(viewTable.diff.id, title, vscode.ViewColumn.Active, options);
  adopt(host, panel, asked);
}

export function startDiffPanel(host: Host): vscode.Disposable[] {
  const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, saved: unknown): Promise<void> => {
    try {
      adopt(host, panel, { do: 'openDiff', ...decode(pairSchema, saved) });
    } catch (error) {
      host.log.warn(`a diff could not be restored: ${error}`);
      panel.dispose();
    }
  };
  return [vscode.window.registerWebviewPanelSerializer(viewTable.diff.id, { deserializeWebviewPanel })];
}

function adopt(host: Host, panel: vscode.WebviewPanel, first: OpenDiff): void {
  let asked = first;
  let page: Client<PageContract> | null = null;
  const state = (): ViewState => {
    const { run, example, condition, order = 'ordinal' } = asked;
    lastAsked = asked;
    return { view: 'diff', run, example, condition, order, review: placeInReview(asked) };
  };
  const onDidHide = (hide: () => void) => panel.onDidChangeViewState(() => panel.visible || hide());
  loadPage(
    { webview: panel.webview, onDidHide, onDidDispose: panel.onDidDispose },
    host.context.extensionUri,
    (port) => {
      page = servePage(host, port, state);
    },
  );
  const icon = (theme: string) =>
    vscode.Uri.joinPath(host.context.extensionUri, 'extension', 'media', `icon-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  const own: DiffPanel = {
    reveal: (next) => {
      asked = next;
      // Revealing takes the keyboard away for a moment; a page that asked by a key has it already.
      if (!panel.active) panel.reveal();
      page?.ask('show', state()).catch((error) => host.log.debug(String(error)));
    },
  };
  shown = own;
  panel.onDidDispose(() => {
    if (shown === own) shown = null;
  });
}
