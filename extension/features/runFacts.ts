// Owns what a person does to a recorded run as a whole: name it, tag it, delete it, find its folder, link to it, run its spec again.
import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { RunId } from '../../engine/domain/ids';
import type { RunHeader } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { decode, linkSchema } from '../host/pageSchemas';
import { rootOfRuns, runsFolderFor } from '../host/runLibrary';
import { commands } from '../manifest/commands';
import { prepareModel } from './modelCheck';
import { refuseUntrusted } from './rerun';
import { showRunProgress } from './runProgress';
import { runTitle } from './runTitle';

const mostTags = 12;

async function headerOf(host: Host, run: RunId): Promise<RunHeader> {
  const header = (await host.runs.list()).find((one) => one.run === run);
  if (!header) throw new UserError(vscode.l10n.t('The run {0} is not here any more.', run));
  return header;
}

export async function renameRun(host: Host, run: RunId): Promise<void> {
  const { dir, name, tags } = await headerOf(host, run);
  const prompt = vscode.l10n.t('Name of the run; empty: its files and when it began');
  const asked = await vscode.window.showInputBox({ prompt, value: name ?? '' });
  if (asked === undefined) return;
  await host.reader.ask('setRunFacts', { dir, name: asked.trim() || null, tags });
  host.runs.touch();
}

export async function tagRun(host: Host, run: RunId): Promise<void> {
  const { dir, name, tags } = await headerOf(host, run);
  const prompt = vscode.l10n.t('Tags, with commas between');
  const asked = await vscode.window.showInputBox({ prompt, value: tags.join(', ') });
  if (asked === undefined) return;
  const words = asked.split(',').map((tag) => tag.trim());
  const chosen = [...new Set(words.filter((tag) => tag !== ''))].slice(0, mostTags);
  await host.reader.ask('setRunFacts', { dir, name, tags: chosen });
  host.runs.touch();
}

/** To the trash, where the machine has one; else asks again before it is gone for good. */
export async function deleteRun(host: Host, run: RunId): Promise<void> {
  const header = await headerOf(host, run);
  if (header.status === 'running') throw new UserError(vscode.l10n.t('This run is at work. Pause it first.'));
  const uri = vscode.Uri.file(header.dir);
  const title = runTitle(header);
  const toTrash = vscode.l10n.t('Move to Trash');
  const question = vscode.l10n.t('Delete the run “{0}”?', title);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, toTrash)) !== toTrash) return;
  try {
    await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: true });
  } catch (error) {
    host.log.info(`no trash for ${header.dir}: ${error}`);
    const forGood = vscode.l10n.t('Delete Permanently');
    const detail = vscode.l10n.t('There is no trash here, so it cannot be brought back.');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, forGood)) !== forGood) return;
    await vscode.workspace.fs.delete(uri, { recursive: true });
  }
  host.runs.touch();
}

export async function revealRun(host: Host, run: RunId): Promise<void> {
  const log = vscode.Uri.file(path.join(await host.runs.dirOf(run), 'spec.cot.json'));
  const inside = vscode.workspace.getWorkspaceFolder(log) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', log);
}

export async function copyRunLink(host: Host, run: RunId): Promise<void> {
  const { uriScheme } = vscode.env;
  await vscode.env.clipboard.writeText(`${uriScheme}://${host.context.extension.id}/run/${run}`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: a link that opens this run in this workspace'), 4000);
}

/** Opens `…/run/ID` in the panel, and with `?example=…&condition=…` that example in the diff. */
export function runLinkHandler(host: Host): vscode.UriHandler {
  return {
    handleUri: async ({ path: link, query }) => {
      try {
        const words = Object.fromEntries(new URLSearchParams(query));
        const [, kind, run] = link.split('/');
        if (kind !== 'run') throw new UserError(vscode.l10n.t('This link names nothing that can be opened.'));
        const target = decode(linkSchema, { run, ...words });
        await host.runs.dirOf(target.run);
        await vscode.commands.executeCommand(commands.showFlips.id, target.run);
        const { example, condition } = target;
        if (example && condition) await host.perform({ do: 'openDiff', run: target.run, example, condition });
      } catch (error) {
        host.report(error, vscode.l10n.t('open the link'));
      }
    },
  };
}

/** Runs a `*.cot.json` file as it is on disk; its paths are relative to it. */
export async function runSpec(host: Host, asked: unknown): Promise<void> {
  refuseUntrusted();
  const uri = asked instanceof vscode.Uri ? asked : vscode.window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') throw new UserError(vscode.l10n.t('Save the spec as a *.cot.json file first.'));
  await vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())?.save();
  const spec = await host.reader.ask('readSpec', { file: uri.fsPath });
  const out = runsFolderFor(uri);
  await prepareModel(host, spec, rootOfRuns(out));
  const title = path.basename(uri.fsPath);
  await showRunProgress(host, title, (options) => host.engine.ask('run', { spec, out }, options));
}
