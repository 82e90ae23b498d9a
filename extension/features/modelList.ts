// Owns the list of models that can be run from here: the bundled one, folders, downloads, GGUF files of other tools, servers.
import * as vscode from 'vscode';
import type { ServerSpec } from '../../engine/domain/run';
import { servedName } from '../host/defaultModel';
import type { Host } from '../host/host';
import { type NamedServer, namedServers, serverSpec } from '../host/serverList';
import { setting } from '../host/settings';
import { modelSize } from './downloadModel';

export type ListedModel = {
  readonly kind: 'bundled' | 'folder' | 'downloaded' | 'gguf' | 'server';
  readonly title: string;
  /** Size and kind, in words. */
  readonly about: string;
  /** Where it is, in full. */
  readonly place: string;
  /** As a spec names it. */
  readonly model: string;
  readonly server: ServerSpec | null;
  /** As the setting of the default model names it. */
  readonly setting: string;
  /** The server's line in the settings. */
  readonly named: NamedServer | null;
};

const local = (model: string): Pick<ListedModel, 'model' | 'place' | 'server' | 'setting' | 'named'> => ({
  model,
  place: model,
  server: null,
  setting: model,
  named: null,
});

export const folderModels = (host: Host) =>
  host.reader.ask('folderModels', { folders: setting('counterthought.models.folders') });

export async function listModels(host: Host): Promise<readonly ListedModel[]> {
  const program = setting('counterthought.llamaServer');
  const [folders, known, gguf] = await Promise.all([
    folderModels(host),
    host.reader.ask('models', null),
    host.reader.ask('ggufModels', { program }),
  ]);
  const size = (bytes: number | null): string => (bytes === null ? '' : modelSize(bytes));
  const bundled: ListedModel = {
    ...local('bundled'),
    kind: 'bundled',
    title: vscode.l10n.t('Bundled model'),
    about: vscode.l10n.t('2 million parameters: teaches and calibrates'),
  };
  return [
    bundled,
    ...folders.map(({ name, model, kind, bytes }): ListedModel => {
      const about = vscode.l10n.t('{0}, {1}', kind, modelSize(bytes));
      return { ...local(model), kind: kind === 'GGUF' ? 'gguf' : 'folder', title: name, about };
    }),
    ...known
      .filter(({ isHere }) => isHere)
      .map(
        ({ model, bytes, about }): ListedModel => ({
          ...local(model),
          kind: 'downloaded',
          title: model,
          about: vscode.l10n.t('downloaded, {0}, {1}', about, size(bytes)),
        }),
      ),
    ...gguf.files.map(({ name, file, bytes, tool }): ListedModel => {
      const about = vscode.l10n.t('GGUF file of {0}, {1}', tool, modelSize(bytes));
      return { ...local(file), kind: 'gguf', title: name, about };
    }),
    ...namedServers().map(servedModel),
  ];
}

const servedModel = (named: NamedServer): ListedModel => ({
  kind: 'server',
  title: named.model,
  about: named.url,
  place: named.url,
  model: named.model,
  server: serverSpec(named),
  setting: servedName(named),
  named,
});

/** For the palette, where no item was clicked. */
export async function pickListed(host: Host): Promise<ListedModel | undefined> {
  const listed = await listModels(host);
  const items = listed.map((model) => ({ label: model.title, description: model.about, model }));
  const title = vscode.l10n.t('Which model?');
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.model;
}
