// Owns the question which model writes the new answers: the bundled one, folders, downloaded ones, servers, and ways to get another.
import * as vscode from 'vscode';
import type { FileSummary, FolderModel, GgufModels, KnownModel } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { type NamedServer, namedServers, serverSpec } from '../host/serverList';
import { setting } from '../host/settings';
import { downloadModel, modelSize } from './downloadModel';
import { folderModels } from './modelList';
import type { Draft } from './rerunQuestions';
import { addServer } from './servers';

/** Where a model is: its name or folder, and its server if it has one. */
export type ModelChoice = Pick<Draft, 'server'> & { readonly model: string };

type Item = vscode.QuickPickItem & { readonly choose?: () => Promise<ModelChoice | null> };

const here = (model: string): ModelChoice => ({ model, server: null });

export type ModelQuestion = {
  readonly summaries: readonly FileSummary[];
  /** Curves that follow the typing are computed here: servers are left out. */
  readonly servers: boolean;
};

/** The draft with the chosen model, or as it was when the person went back. */
export async function askModel(host: Host, draft: Draft, question: ModelQuestion): Promise<Draft> {
  const [folders, known, gguf] = await Promise.all([
    folderModels(host),
    host.reader.ask('models', null),
    host.reader.ask('ggufModels', { program: setting('counterthought.llamaServer') }),
  ]);
  const picked = await vscode.window.showQuickPick(items(host, { folders, known, gguf }, question), {
    title: vscode.l10n.t('Which model writes the new answers?'),
    matchOnDescription: true,
  });
  const choice = (await picked?.choose?.()) ?? null;
  return choice === null ? draft : { ...draft, ...choice };
}

type FoundModels = {
  readonly folders: readonly FolderModel[];
  readonly known: readonly KnownModel[];
  readonly gguf: GgufModels;
};

function items(host: Host, { folders, known, gguf }: FoundModels, { summaries, servers }: ModelQuestion): Item[] {
  const own = summaries.every(({ bundledProducer }) => bundledProducer);
  const bundled: Item = {
    label: vscode.l10n.t('$(package) Bundled model'),
    description: own
      ? vscode.l10n.t('wrote these traces')
      : vscode.l10n.t('cross-model: it did not write these traces'),
    choose: async () => here('bundled'),
  };
  const folder: Item = {
    label: vscode.l10n.t('$(folder-opened) Model folder…'),
    description: vscode.l10n.t('config.json, tokenizer.json and one ONNX file'),
    choose: askFolder,
  };
  const inFolders = folders.filter(({ kind }) => servers || kind === 'ONNX').map(folderItem);
  const downloaded = known.filter(({ isHere }) => isHere).map(downloadedItem);
  const served = servers ? namedServers().map(serverItem) : [];
  const files = servers ? ggufItems(gguf) : [];
  const others: Item[] = [
    { label: vscode.l10n.t('Another one'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('$(cloud-download) Download a model…'),
      description: vscode.l10n.t('from the Hugging Face hub, into its shared cache'),
      choose: async () => mapped(await downloadModel(host), here),
    },
    ...(servers ? [ggufWayItem(gguf), addServerItem(host)] : []),
  ];
  return [
    ...(own ? [bundled, folder] : [folder, bundled]),
    ...inFolders,
    ...downloaded,
    ...files,
    ...served,
    ...others,
  ];
}

const mapped = <T, R>(value: T | null, to: (value: T) => R): R | null => (value === null ? null : to(value));

const addServerItem = (host: Host): Item => ({
  label: vscode.l10n.t('$(server) Add a server…'),
  description: vscode.l10n.t('vLLM, llama.cpp or another that speaks the completions protocol'),
  choose: async () => mapped(await addServer(host), served),
});

const folderItem = ({ name, model, kind, bytes }: FolderModel): Item => ({
  label: `$(folder) ${name}`,
  description: vscode.l10n.t('{0}, {1}', kind, modelSize(bytes)),
  detail: model,
  choose: async () => here(model),
});

const downloadedItem = ({ model, about }: KnownModel): Item => ({
  label: `$(database) ${model}`,
  description: vscode.l10n.t('downloaded, {0}', about),
  choose: async () => here(model),
});

/** Files of LM Studio, Ollama and others, where something can run them. */
const ggufItems = ({ program, files }: GgufModels): Item[] =>
  program === null
    ? []
    : files.map(({ name, tool, bytes, file }) => ({
        label: `$(file-binary) ${name}`,
        description: vscode.l10n.t('GGUF file of {0}, {1}', tool, modelSize(bytes)),
        choose: async () => here(file),
      }));

/** Any other file; or how to get the program that runs them. */
const ggufWayItem = ({ program, files }: GgufModels): Item =>
  program === null
    ? {
        label: vscode.l10n.t('$(file-binary) GGUF files…'),
        description: vscode.l10n.t("need llama.cpp's llama-server, which is not found"),
        detail: vscode.l10n.t(
          '{0} such files are here. Install it (brew install llama.cpp, winget install llama.cpp), or name it in the settings: Enter opens them.',
          files.length,
        ),
        choose: async () => {
          await vscode.commands.executeCommand('workbench.action.openSettings', 'counterthought.llamaServer');
          return null;
        },
      }
    : {
        label: vscode.l10n.t('$(file-binary) GGUF file…'),
        description: vscode.l10n.t("through llama.cpp's server: {0}", program),
        choose: askGguf,
      };

async function askGguf(): Promise<ModelChoice | null> {
  const picked = await vscode.window.showOpenDialog({
    filters: { GGUF: ['gguf'] },
    openLabel: vscode.l10n.t('Use this model'),
    title: vscode.l10n.t('GGUF file'),
  });
  return mapped(picked?.[0]?.fsPath ?? null, here);
}

const serverItem = (server: NamedServer): Item => ({
  label: `$(server-environment) ${server.model}`,
  description: server.url,
  choose: async () => served(server),
});

const served = (server: NamedServer): ModelChoice => ({ model: server.model, server: serverSpec(server) });

async function askFolder(): Promise<ModelChoice | null> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: vscode.l10n.t('Use this model'),
    title: vscode.l10n.t('Folder of the model'),
  });
  return mapped(picked?.[0]?.fsPath ?? null, here);
}
