// Owns the model servers that a person has named: their addresses in the settings, their keys in the secret store and nowhere else.
import * as vscode from 'vscode';
import { runDefaults, type ServerSpec } from '../../engine/domain/run';
import type { EngineProcess } from './engineProcess';

export type NamedServer = {
  readonly url: string;
  readonly model: string;
  readonly tokenizer?: string;
  readonly hasKey?: boolean;
};

const section = 'counterthought.servers';

/** What does not have the form of a server is left out: settings are written by hand, too. */
export function namedServers(): readonly NamedServer[] {
  const found: unknown = vscode.workspace.getConfiguration().get(section);
  return (Array.isArray(found) ? found : []).filter(
    (one): one is NamedServer => typeof one?.url === 'string' && typeof one?.model === 'string',
  );
}

/** Adds a server, or replaces the one with the same address and model. */
export async function rememberServer(server: NamedServer): Promise<void> {
  const others = namedServers().filter(({ url, model }) => url !== server.url || model !== server.model);
  await vscode.workspace.getConfiguration().update(section, [...others, server], vscode.ConfigurationTarget.Global);
}

/** Forgets a server, and its key when no other model of it is named. */
export async function forgetServer(secrets: vscode.SecretStorage, server: NamedServer): Promise<void> {
  const others = namedServers().filter(({ url, model }) => url !== server.url || model !== server.model);
  await vscode.workspace.getConfiguration().update(section, others, vscode.ConfigurationTarget.Global);
  if (!others.some(({ url }) => keyOf(url) === keyOf(server.url))) await secrets.delete(keyOf(server.url));
}

const keyOf = (url: string): string => `counterthought.key:${new URL(url).origin}`;

/** The name by which a spec speaks of the key. The address's origin, so that one key serves all models there. */
const keyName = (url: string): string => `COUNTERTHOUGHT_KEY_${new URL(url).host.replace(/[^A-Za-z0-9]/g, '_')}`;

export const storeKey = (secrets: vscode.SecretStorage, url: string, key: string): Thenable<void> =>
  secrets.store(keyOf(url), key);

export function serverSpec({ url, tokenizer, hasKey }: Omit<NamedServer, 'model'>): ServerSpec {
  return {
    endpoints: [url],
    tokenizer: tokenizer ?? 'server',
    dialect: 'auto',
    ...(hasKey ? { keyEnv: keyName(url) } : {}),
    maxInFlight: runDefaults.maxInFlight,
  };
}

/** Tells the engine the keys of a spec, for as long as its process lives. */
export async function giveKeys(
  secrets: vscode.SecretStorage,
  engine: EngineProcess,
  server: ServerSpec | undefined,
): Promise<void> {
  if (server?.keyEnv === undefined) return;
  for (const url of server.endpoints) {
    const key = await secrets.get(keyOf(url));
    if (key !== undefined) await engine.ask('giveKey', { name: keyName(url), key });
  }
}
