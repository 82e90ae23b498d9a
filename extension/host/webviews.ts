// Owns what every page has in common: its HTML under a strict content security policy, and a port that lives exactly as long as the
// page is shown. Data never goes into the HTML, only over the port.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { messagePort } from '../../engine/wire/messagePort';
import type { Port } from '../../engine/wire/port';
import type { PageReady } from '../../webview/protocol';

/** A webview and how to learn that it was hidden, closed or shown. */
export type Surface = {
  readonly webview: vscode.Webview;
  readonly onDidHide: (listener: () => void) => vscode.Disposable;
  readonly onDidDispose: vscode.Event<void>;
};

/** Loads the page, and calls `onPage` with a new port each time it (re)loads; the old port is closed first, and when hidden. */
export function loadPage(surface: Surface, extensionUri: vscode.Uri, onPage: (port: Port) => void): void {
  const { webview } = surface;
  let port: Port | null = null;
  const drop = (): void => {
    port?.close();
    port = null;
  };
  webview.onDidReceiveMessage((message: unknown) => {
    if (!isReady(message)) return;
    drop();
    port = openPage(webview);
    onPage(port);
  });
  surface.onDidHide(drop);
  surface.onDidDispose(drop);
  webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
  webview.html = pageHtml(webview, extensionUri);
}

function openPage(webview: vscode.Webview): Port {
  return messagePort({
    post: (message) => void webview.postMessage(message),
    subscribe: (listener) => {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => subscription.dispose();
    },
  });
}

/** What pages say in the person's language; empty for English. */
export const pageTexts = (): Readonly<Record<string, string>> => vscode.l10n.bundle ?? {};

function isReady(message: unknown): message is PageReady {
  return typeof message === 'object' && message !== null && (message as { readonly page?: unknown }).page === 'ready';
}

function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64');
  const dist = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', name)).toString();
  const policy = [
    "default-src 'none'",
    `font-src ${webview.cspSource}`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.l10n.bundle ? vscode.env.language : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Counterthought</title>
<link rel="stylesheet" nonce="${nonce}" href="${dist('webview.css')}">
</head>
<body>
<main id="view"></main>
<script type="module" nonce="${nonce}" src="${dist('webview/main.js')}"></script>
</body>
</html>`;
}
