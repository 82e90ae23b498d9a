// Owns downloading a model of the hub: which, in which precision, its size and licence before anything is fetched, then progress.
import * as vscode from 'vscode';
import type { HubDescription } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';

const tokenKey = 'counterthought.hubToken';

export function startModelDownloads(host: Host): vscode.Disposable[] {
  const download = async (): Promise<void> => {
    try {
      const model = await downloadModel(host);
      if (model !== null)
        void vscode.window.showInformationMessage(vscode.l10n.t('{0} can be chosen wherever a model is.', model));
    } catch (error) {
      host.report(error, vscode.l10n.t('download the model'));
    }
  };
  const setToken = async (): Promise<void> => {
    const token = await vscode.window.showInputBox({
      title: vscode.l10n.t("The hub's access token"),
      prompt: vscode.l10n.t('For models that ask for consent. Kept in the secret store. Empty: forget it.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (token === '') await host.context.secrets.delete(tokenKey);
    else if (token !== undefined) await host.context.secrets.store(tokenKey, token);
  };
  return [
    vscode.commands.registerCommand(commands.downloadModel.id, download),
    vscode.commands.registerCommand(commands.setHubToken.id, setToken),
  ];
}

/** The name of a model that is here now; `null` when the person left. @throws UserError with the way out */
export async function downloadModel(host: Host): Promise<string | null> {
  const name = await pickModel(host);
  if (name === undefined) return null;
  const stored = await host.context.secrets.get(tokenKey);
  const token = stored === undefined ? {} : { token: stored };
  const found = await withCancel(vscode.l10n.t('Asking the hub about {0}', name), (signal) =>
    host.reader.ask('describeModel', { model: name, ...token }, { signal }),
  );
  const precision = await pickPrecision(found);
  if (precision === undefined) return null;
  const model = `${name.replace(/:[^:]*$/, '')}:${precision}`;
  return withCancel(vscode.l10n.t('Downloading {0}', model), (signal, report) => {
    let shown = 0;
    const onEvent = ({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }): void => {
      const share = (100 * bytes) / Math.max(1, totalBytes);
      report.report({ increment: share - shown, message: `${modelSize(bytes)} / ${modelSize(totalBytes)}` });
      shown = share;
    };
    return host.reader.ask('downloadModel', { model, ...token }, { signal, onEvent }).finally(host.modelsChanged);
  });
}

async function pickModel(host: Host): Promise<string | undefined> {
  const known = (await host.reader.ask('models', null)).filter(({ isHere }) => !isHere);
  const other = vscode.l10n.t('$(edit) Another name…');
  const items = [
    ...known.map(({ model, about }) => ({ label: model, description: about })),
    { label: other, description: vscode.l10n.t('owner/name of any repository with an ONNX model') },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Which model? Size and licence are shown before anything is downloaded'),
    matchOnDescription: true,
  });
  if (picked?.label !== other) return picked?.label;
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the model on the hub'),
    placeHolder: 'owner/name',
    ignoreFocusOut: true,
    validateInput: (text) => (/^[\w.-]+\/[\w.@:-]+$/.test(text) ? undefined : vscode.l10n.t('owner/name')),
  });
}

async function pickPrecision({
  repo,
  license,
  isGated,
  exports,
  precision,
}: HubDescription): Promise<string | undefined> {
  const items = [...exports]
    .sort((a, b) => Number(b.precision === precision) - Number(a.precision === precision) || a.bytes - b.bytes)
    .map((one) => ({ label: one.precision, description: modelSize(one.bytes), detail: precisionWords(one.precision) }));
  const said = license ?? vscode.l10n.t('its card names none');
  const consent = isGated ? vscode.l10n.t(' It asks for consent on its page.') : '';
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Download {0}. Licence: {1}.{2}', repo, said, consent),
    placeHolder: vscode.l10n.t('In which precision?'),
  });
  return picked?.label;
}

/** What a precision means for results. */
function precisionWords(precision: string): string {
  if (precision === 'fp32') return vscode.l10n.t('exact');
  if (['q4', 'bnb4', 'q8'].includes(precision)) return vscode.l10n.t('rounded weights, evaluated exactly');
  if (/f16|fp16/.test(precision))
    return vscode.l10n.t('half precision: texts may depend on what is evaluated together');
  return vscode.l10n.t('rounded while it runs: shared prefixes are not re-used');
}

export const modelSize = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.max(1, Math.round(bytes / 2 ** 20))} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;

type Progress = vscode.Progress<{ readonly message?: string; readonly increment?: number }>;

function withCancel<T>(title: string, work: (signal: AbortSignal, report: Progress) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (report, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return work(controller.signal, report);
  });
}
