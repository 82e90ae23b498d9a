// Owns the models in the activity bar: what is on this disk and on named servers, and what can be done with one.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import { setDefaultModel } from '../host/defaultModel';
import type { Host } from '../host/host';
import { forgetServer } from '../host/serverList';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import { treeIds } from '../manifest/panels';
import { modelSize } from './downloadModel';
import { checkSummary } from './modelCheck';
import { type ListedModel, listModels, pickListed } from './modelList';

type ModelItem = vscode.TreeItem & { readonly listed: ListedModel };

export function startModelTree(host: Host): vscode.Disposable[] {
  const changed = new vscode.EventEmitter<undefined>();
  const refresh = (): void => changed.fire(undefined);
  const view = vscode.window.createTreeView<ModelItem>(treeIds.models, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (item) => item,
      getChildren: async () => {
        const listed = await listModels(host);
        view.message = listed.length > 1 ? '' : teaching();
        return listed.map((model) => modelItem(host, model));
      },
    },
  });
  const onModel = (id: string, what: string, act: (model: ListedModel) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async (asked?: ModelItem) => {
      try {
        const model = asked?.listed ?? (await pickListed(host));
        if (model) await act(model);
      } catch (error) {
        host.report(error, what);
      }
    });
  return [
    changed,
    view,
    vscode.commands.registerCommand(commands.refreshModels.id, refresh),
    onModel(commands.useModel.id, vscode.l10n.t('choose the default model'), ({ setting }) => setDefaultModel(setting)),
    onModel(commands.removeModel.id, vscode.l10n.t('remove the model'), async (model) => {
      await removeModel(host, model);
      refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('counterthought') && refresh()),
    host.onDidChangeModels(refresh),
  ];
}

/** Above a tree that holds the bundled model alone. */
const teaching = (): string =>
  vscode.l10n.t(
    'To study traces of another model, download it from the hub, add a server that runs it, or name folders of models in the settings (counterthought.models.folders).',
  );

const icons: Readonly<Record<ListedModel['kind'], string>> = {
  bundled: 'package',
  folder: 'folder',
  downloaded: 'database',
  gguf: 'file-binary',
  server: 'server-environment',
};

function modelItem(host: Host, listed: ListedModel): ModelItem {
  const { kind, title, about, place, model, server } = listed;
  const checked = checkSummary(host, { model, ...(server ? { server } : {}) });
  const item = new vscode.TreeItem(title);
  const isDefault = setting('counterthought.modelFolder') === listed.setting;
  item.id = `${kind} ${listed.setting}`;
  item.description = isDefault ? vscode.l10n.t('default · {0}', about) : about;
  item.tooltip = [title, about, place, ...(checked === null ? [] : [checked])].join('\n');
  item.iconPath = new vscode.ThemeIcon(isDefault ? 'star-full' : icons[kind]);
  item.contextValue = `model ${kind}${kind === 'downloaded' || kind === 'server' ? ' removable' : ''}`;
  item.accessibilityInformation = {
    label: [title, item.description, ...(checked === null ? [] : [checked])].join(', '),
  };
  return Object.assign(item, { listed });
}

/** @throws UserError for a model that is somebody else's to remove */
async function removeModel(host: Host, model: ListedModel): Promise<void> {
  if (model.named) return forgetServer(host.context.secrets, model.named);
  if (model.kind !== 'downloaded') {
    throw new UserError(vscode.l10n.t('{0} was not downloaded from here: remove it where it lies.', model.title));
  }
  const repo = model.model.replace(/[@:].*$/, '');
  const remove = vscode.l10n.t('Remove');
  const detail = vscode.l10n.t('All its precisions are removed from the cache that the hub’s other tools share.');
  const question = vscode.l10n.t('Remove {0} from this disk?', repo);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  const { freedBytes } = await host.reader.ask('removeModel', { model: model.model });
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} freed.', modelSize(freedBytes)));
}
