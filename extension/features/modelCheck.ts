// Owns checking models from the editor: the doctor's findings as a document that fills while it looks, the same check at the first use of a
// model, and remembering what came of it. Must not know what is checked.
import * as vscode from 'vscode';
import { CancelledError } from '../../engine/domain/failure';
import type { RunSpec } from '../../engine/domain/run';
import type { ModelFinding } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { type ReadonlyFiles, readonlyFiles } from '../host/readonlyFiles';
import { giveKeys } from '../host/serverList';
import { commands } from '../manifest/commands';
import { type ListedModel, pickListed } from './modelList';
import { refuseUntrusted } from './rerun';
import { giveProgram, prepareServer } from './servers';

const scheme = 'counterthought-check';
const memoryKey = 'modelChecks';

type Examined = Pick<RunSpec, 'model' | 'server'>;
type Check = { readonly at: string; readonly isDone: boolean; readonly findings: readonly ModelFinding[] };

/** What is being found just now, by the name of the model. */
const running = new Map<string, Check>();
let files: ReadonlyFiles | null = null;

export function startModelCheck(host: Host): vscode.Disposable[] {
  files = readonlyFiles({
    textOf: async ({ query: name }) => checkText(name, running.get(name) ?? remembered(host, name)),
    failureTitle: vscode.l10n.t('This check cannot be shown.'),
    log: host.log,
  });
  const check = async (asked?: { readonly listed?: ListedModel }): Promise<void> => {
    try {
      refuseUntrusted();
      const model = asked?.listed ?? (await pickListed(host));
      if (model) await checkInDocument(host, { model: model.model, ...(model.server ? { server: model.server } : {}) });
    } catch (error) {
      host.report(error, vscode.l10n.t('check the model'));
    }
  };
  return [
    vscode.workspace.registerFileSystemProvider(scheme, files.provider, { isReadonly: true, isCaseSensitive: true }),
    vscode.commands.registerCommand(commands.checkModel.id, check),
  ];
}

/** Ready to run a spec: its server agreed to and given its key, and its model checked where it is used for the first time. */
export async function prepareModel(host: Host, spec: RunSpec, root: string): Promise<void> {
  await prepareServer(host, spec, root);
  if (spec.model === 'bundled' || remembered(host, nameOf(spec))) return;
  const findings = await examine(host, spec, vscode.l10n.t('First use of {0}: checking it', spec.model)).catch(skipped);
  const failed = (findings ?? []).filter(({ verdict }) => verdict === 'failed');
  if (failed.length === 0) return;
  const [run, show] = [vscode.l10n.t('Run All the Same'), vscode.l10n.t('Show the Check')];
  const question = vscode.l10n.t('{0} failed a check: {1}', spec.model, failed.map(({ check }) => check).join(', '));
  const detail = failed.map(({ says }) => says).join('\n');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, run, show);
  if (answer === show) await showDocument(nameOf(spec));
  if (answer !== run) throw new CancelledError();
}

/** Who cancels the check goes on without it, and is asked again the next time. */
function skipped(error: unknown): null {
  if (error instanceof CancelledError) return null;
  throw error;
}

async function checkInDocument(host: Host, model: Examined): Promise<void> {
  await agree(host, model);
  running.set(nameOf(model), { at: new Date().toISOString(), isDone: false, findings: [] });
  await showDocument(nameOf(model));
  await examine(host, model, vscode.l10n.t('Checking {0}', model.model));
}

/** Short texts of ours go to a server on another machine: the person is asked first. @throws CancelledError */
async function agree(host: Host, { model, server }: Examined): Promise<void> {
  if (!server) return giveProgram(host);
  const urls = await host.reader.ask('remoteEndpoints', { server });
  const send = vscode.l10n.t('Check');
  const question = vscode.l10n.t('Check {0} at {1}?', model, urls.join(', '));
  const detail = vscode.l10n.t(
    'Some dozens of requests with short made-up texts are sent there, and none of your traces.',
  );
  if (urls.length > 0 && (await vscode.window.showWarningMessage(question, { modal: true, detail }, send)) !== send) {
    throw new CancelledError();
  }
  await giveKeys(host.context.secrets, host.engine, server);
}

/** Examines with a progress that can be cancelled; a check that came to its end is remembered. */
async function examine(host: Host, { model, server }: Examined, title: string): Promise<readonly ModelFinding[]> {
  const place = { model, ...(server ? { server } : {}) };
  const name = nameOf(place);
  const at = new Date().toISOString();
  let findings: readonly ModelFinding[] = [];
  const update = (isDone: boolean): void => {
    running.set(name, { at, isDone, findings });
    files?.touch([documentOf(name)]);
  };
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  try {
    await vscode.window.withProgress(options, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      progress.report({ message: vscode.l10n.t('loading the model') });
      const onEvent = (finding: ModelFinding): void => {
        findings = [...findings, finding];
        progress.report({ message: finding.check });
        update(false);
      };
      return host.engine.ask('examineModel', place, { signal: controller.signal, onEvent });
    });
    update(true);
    await remember(host, name, { at, isDone: true, findings });
    return findings;
  } finally {
    running.delete(name);
    files?.touch([documentOf(name)]);
  }
}

/** What tells models apart, and what people read in a title. */
const nameOf = ({ model, server }: Examined): string => (server ? `${server.endpoints[0]}#${model}` : model);

const documentOf = (name: string): vscode.Uri => {
  const title = vscode.l10n.t('Check of {0}', name.replace(/^.*[\\/]/, ''));
  return vscode.Uri.from({ scheme, path: `/${title}.txt`, query: name });
};

async function showDocument(name: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(documentOf(name));
  await vscode.window.showTextDocument(document, { preview: false });
}

type Memory = Readonly<Record<string, Check>>;

const remembered = (host: Host, name: string): Check | undefined =>
  host.context.globalState.get<Memory>(memoryKey, {})[name];

async function remember(host: Host, name: string, check: Check): Promise<void> {
  const all = host.context.globalState.get<Memory>(memoryKey, {});
  await host.context.globalState.update(memoryKey, { ...all, [name]: check });
  host.modelsChanged();
}

/** What the last check of a model said, in a line; `null`: it was never checked. */
export function checkSummary(host: Host, model: Examined): string | null {
  const check = remembered(host, nameOf(model));
  if (!check) return null;
  const failed = check.findings.filter(({ verdict }) => verdict === 'failed').map((one) => one.check);
  const date = new Date(check.at).toLocaleDateString(vscode.env.language);
  return failed.length === 0
    ? vscode.l10n.t('checked on {0}: nothing failed', date)
    : vscode.l10n.t('checked on {0}: failed {1}', date, failed.join(', '));
}

function checkText(name: string, check: Check | undefined): string {
  if (!check) return `${name}\n\n${vscode.l10n.t('This model was not checked to the end. “Check a model” does it.')}\n`;
  const { at, isDone, findings } = check;
  const words = {
    passed: vscode.l10n.t('passed'),
    failed: vscode.l10n.t('FAILED'),
    told: vscode.l10n.t('worth knowing'),
  } as const;
  const lines = findings.flatMap(({ check: what, verdict, says }) => [`${what}: ${words[verdict]}`, `    ${says}`, '']);
  const failures = findings.filter(({ verdict }) => verdict === 'failed').length;
  const end = !isDone
    ? vscode.l10n.t('… still looking')
    : failures === 0
      ? vscode.l10n.t('Nothing failed: this model may be trusted with this work, on this machine.')
      : vscode.l10n.t('{0} checks failed: what they say makes results doubtful.', failures);
  return [name, new Date(at).toLocaleString(vscode.env.language), '', ...lines, end, ''].join('\n');
}
