// Owns the model that is taken where a person has named none: how the setting names it. Must not know what may be done with it.
import * as vscode from 'vscode';
import type { ServerSpec } from '../../engine/domain/run';
import { type NamedServer, namedServers, serverSpec } from './serverList';
import { setting } from './settings';

const name = 'counterthought.modelFolder';

export type DefaultModel = { readonly model: string; readonly server: ServerSpec | null };

/** As a server's model stands in the setting. */
export const servedName = ({ url, model }: NamedServer): string => `${url}#${model}`;

/** `null`: the setting is empty. */
export function defaultModel(scope?: vscode.Uri): DefaultModel | null {
  const named = setting(name, scope);
  if (named === '') return null;
  const [, url, model] = /^(https?:\/\/[^#]+)#(.+)$/.exec(named) ?? [];
  if (url === undefined || model === undefined) return { model: named, server: null };
  const known = namedServers().find((one) => servedName(one) === named) ?? { url, model };
  return { model, server: serverSpec(known) };
}

/** Where the workspace has a word of its own, that is changed; else the person's. @param value empty: none */
export async function setDefaultModel(value: string): Promise<void> {
  const config = vscode.workspace.getConfiguration();
  const ofWorkspace = config.inspect(name)?.workspaceValue !== undefined;
  const target = ofWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await config.update(name, value === '' ? undefined : value, target);
}
