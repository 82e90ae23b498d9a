// Owns a run's expected cost as the picker shows it: asked of the engine while the person reads, dropped when they change something.
import * as vscode from 'vscode';
import type { RunEstimate } from '../../engine/service/contract';
import { duration } from './runProgress';

/** @throws what the engine reports, cancellation included. */
export type AskEstimate = (signal: AbortSignal) => Promise<RunEstimate>;

/**
 * Shows a list of which one line waits for the estimate in its detail.
 * @returns the chosen line; `undefined` when the person left.
 */
export async function pickWithEstimate<T extends vscode.QuickPickItem>(
  list: {
    readonly items: readonly T[];
    readonly title: string;
    readonly placeholder: string;
    /** Stays open while the person reads something else. */
    readonly ignoreFocusOut: boolean;
  },
  waiting: { readonly item: T; readonly ask: AskEstimate } | null,
): Promise<T | undefined> {
  const picker = vscode.window.createQuickPick<T>();
  const controller = new AbortController();
  Object.assign(picker, list);
  if (waiting !== null) void showWhenKnown(picker, waiting, controller.signal);
  try {
    return await new Promise((resolve) => {
      picker.onDidAccept(() => resolve(picker.selectedItems[0]));
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    controller.abort();
    picker.dispose();
  }
}

async function showWhenKnown<T extends vscode.QuickPickItem>(
  picker: vscode.QuickPick<T>,
  { item, ask }: { readonly item: T; readonly ask: AskEstimate },
  signal: AbortSignal,
): Promise<void> {
  picker.busy = true;
  // Nothing is lost where it cannot be had: starting the run says what is wrong, and where to go from there.
  const words = await ask(signal).then(estimateWords, () => null);
  if (signal.aborted) return;
  picker.busy = false;
  if (words === null) return;
  const { activeItems } = picker;
  const known = { ...item, detail: item.detail ? `${words} · ${item.detail}` : words };
  picker.keepScrollPosition = true;
  picker.items = picker.items.map((one) => (one === item ? known : one));
  picker.activeItems = activeItems.map((one) => (one === item ? known : one));
}

function estimateWords({ etaMs, tokensAsked, tokensRead, tokensWritten }: RunEstimate): string {
  const tokens = vscode.l10n.t(
    'about {0} tokens to evaluate ({1} if no prefix were shared)',
    rounded(tokensRead + tokensWritten),
    rounded(tokensAsked),
  );
  return etaMs === null ? tokens : `${duration(etaMs)}, ${tokens}`;
}

/** Two digits are all that an estimate has. */
export const rounded = (count: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 2 }).format(count);
