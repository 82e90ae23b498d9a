// Owns naming a model server: its address, its key, the model that it serves; and asking before anything is sent to another machine.
import * as vscode from 'vscode';
import { CancelledError } from '../../engine/domain/failure';
import type { RunSpec } from '../../engine/domain/run';
import type { Host } from '../host/host';
import { giveKeys, type NamedServer, rememberServer, serverSpec, storeKey } from '../host/serverList';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import { rounded } from './rerunEstimate';

export function startServers(host: Host): vscode.Disposable[] {
  const add = async (): Promise<void> => {
    try {
      const added = await addServer(host);
      if (added)
        void vscode.window.showInformationMessage(
          vscode.l10n.t('{0} at {1} can be chosen wherever a model is.', added.model, added.url),
        );
    } catch (error) {
      host.report(error, vscode.l10n.t('add the server'));
    }
  };
  return [vscode.commands.registerCommand(commands.addServer.id, add)];
}

/** Asks for a server and tries it. `null` when the person left. @throws UserError when it does not answer */
export async function addServer(host: Host): Promise<NamedServer | null> {
  const url = await vscode.window.showInputBox({
    title: vscode.l10n.t('Address of the server'),
    prompt: vscode.l10n.t('Nothing but a question for its models is sent there now.'),
    placeHolder: 'http://localhost:8000/v1',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text)
        ? undefined
        : vscode.l10n.t('An address that begins with http:// or https://.'),
  });
  if (url === undefined) return null;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key of the server'),
    prompt: vscode.l10n.t('Kept in the secret store. Empty: it asks for none.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) return null;
  if (key !== '') await storeKey(host.context.secrets, url, key);
  const reach = { url, hasKey: key !== '' };
  const model = await pickServed(await servedNames(host, reach));
  if (model === undefined) return null;
  const server = { ...reach, model };
  await rememberServer(server);
  return server;
}

async function servedNames(host: Host, reach: Omit<NamedServer, 'model'>): Promise<readonly string[]> {
  const server = serverSpec(reach);
  await giveKeys(host.context.secrets, host.engine, server);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Asking {0} for its models', reach.url),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (_, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return host.engine.ask('servedModels', { server }, { signal: controller.signal });
  });
}

async function pickServed(names: readonly string[]): Promise<string | undefined> {
  if (names.length === 1) return names[0];
  if (names.length > 1)
    return vscode.window.showQuickPick([...names], { title: vscode.l10n.t('Which of its models?') });
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the model'),
    prompt: vscode.l10n.t('The server does not say what it serves.'),
    ignoreFocusOut: true,
  });
}

/** Tells the engine which program runs GGUF files. */
export async function giveProgram(host: Host): Promise<void> {
  await host.engine.ask('useLlamaServer', { program: setting('counterthought.llamaServer') });
}

/**
 * Makes a spec ready to be sent: keys to the engine, and the person's word for every other machine that nobody here has agreed to.
 * @throws CancelledError when the person does not want it sent
 */
export async function prepareServer(host: Host, spec: RunSpec, root: string): Promise<void> {
  if (!spec.server) return giveProgram(host);
  const asked = await host.engine.ask('consent', { spec, root });
  if (asked !== null) {
    const send = vscode.l10n.t('Send');
    const title = vscode.l10n.t('Send traces to {0}?', asked.urls.join(', '));
    const much = vscode.l10n.t('About {0} requests with {1} tokens.', rounded(asked.requests), rounded(asked.tokens));
    const detail = [asked.says, much, vscode.l10n.t('For example:'), asked.example].join('\n\n');
    const answer = await vscode.window.showWarningMessage(title, { modal: true, detail }, send);
    if (answer !== send) throw new CancelledError();
    await host.engine.ask('agree', { urls: asked.urls, root });
  }
  await giveKeys(host.context.secrets, host.engine, spec.server);
}
