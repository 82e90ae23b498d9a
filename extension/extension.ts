// The extension's entry: builds the host and starts every feature. Nothing else is decided here.
import type * as vscode from 'vscode';
import { features, performIntent } from './features';
import { createHost, type Host } from './host/host';

export function activate(context: vscode.ExtensionContext): void {
  const host: Host = createHost(context, (intent) => performIntent(host, intent));
  for (const start of features) context.subscriptions.push(...start(host));
}
