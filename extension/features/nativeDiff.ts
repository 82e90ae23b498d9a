// Owns the editor's own diff as another view of a comparison: two documents of a scheme, and opening them beside each other.
import * as vscode from 'vscode';
import type { Comparison } from '../../engine/domain/comparison';
import { UserError } from '../../engine/domain/failure';
import type { Intent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { decode, sideSchema } from '../host/pageSchemas';
import { readonlyFiles } from '../host/readonlyFiles';
import { commands } from '../manifest/commands';
import { type Side, sides, sideText } from '../trace/diffSides';
import { traceLanguage } from '../trace/traceAddress';
import { shownInDiff } from './diffPanel';

const scheme = 'counterthought-side';

type Asked = Omit<Extract<Intent, { do: 'openNativeDiff' }>, 'do' | 'order'>;

export function startNativeDiff(host: Host): vscode.Disposable[] {
  const { provider } = readonlyFiles({
    textOf: async (uri) => {
      const { side, sample, ...at } = sideOf(uri);
      return sideText(await comparisonOf(host, { ...at, sample }), side, sample);
    },
    failureTitle: vscode.l10n.t('This side cannot be shown.'),
    log: host.log,
  });
  const command = async (): Promise<void> => {
    try {
      const shown = shownInDiff();
      if (!shown) throw new UserError(vscode.l10n.t('Open an example from the flip rates first.'));
      await openNativeDiff(host, { ...shown, sample: 0 });
    } catch (error) {
      host.report(error, vscode.l10n.t('open the diff'));
    }
  };
  return [
    vscode.workspace.registerFileSystemProvider(scheme, provider, { isCaseSensitive: true, isReadonly: true }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.uri.scheme === scheme) void vscode.languages.setTextDocumentLanguage(document, traceLanguage);
    }),
    vscode.commands.registerCommand(commands.openNativeDiff.id, command),
  ];
}

/** @throws UserError when the example cannot be compared any more */
export async function openNativeDiff(host: Host, { run, example, condition, sample }: Asked): Promise<void> {
  const asked = { run, example, condition, sample };
  const { ordinal, recorded, results, siblings } = await comparisonOf(host, asked);
  const [original, regenerated] = sides.map((side) => sideUri(asked, side, ordinal));
  const alias = siblings.find((one) => one.condition === condition)?.alias ?? condition;
  const outcome = results[Math.min(sample, results.length - 1)]?.outcome;
  const now = outcome?.kind === 'option' ? outcome.option : vscode.l10n.t('unreadable');
  const title = `#${ordinal + 1} ${alias}: ${recorded} → ${now}`;
  await vscode.commands.executeCommand('vscode.diff', original, regenerated, title);
}

async function comparisonOf(host: Host, { run, example, condition }: Asked): Promise<Comparison> {
  return host.reader.ask('comparison', { dir: await host.runs.dirOf(run), example, condition });
}

/** Its address alone says what a side shows, so that it survives a reload. */
const sideUri = (asked: Asked, side: Side, ordinal: number): vscode.Uri =>
  vscode.Uri.from({ scheme, path: `/#${ordinal + 1} ${side}`, query: JSON.stringify({ ...asked, side }) });

/** @throws UserError for an address that this extension did not write */
function sideOf(uri: vscode.Uri): Asked & { readonly side: Side } {
  try {
    return decode(sideSchema, JSON.parse(uri.query));
  } catch {
    throw new UserError(vscode.l10n.t('This address names no example. Open it again from the flip rates.'));
  }
}
