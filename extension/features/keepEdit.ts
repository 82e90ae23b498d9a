// Owns "Keep this edit as a condition": what a person changed in one trace, asked of all examples of its file.
import path from 'node:path';
import * as vscode from 'vscode';
import { type ConditionSpec, noPromptEdit } from '../../engine/domain/condition';
import { UserError } from '../../engine/domain/failure';
import type { RunSpec } from '../../engine/domain/run';
import type { Host } from '../host/host';
import { runsFolderFor } from '../host/runLibrary';
import { setting } from '../host/settings';
import { type EditCondition, editConditions, type NoCondition } from '../trace/editConditions';
import type { EditedTrace } from '../trace/readBack';
import { rerunSpec } from '../trace/rerunSpec';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { refuseUntrusted } from './rerun';
import { showRunProgress } from './runProgress';
import { modelFor } from './traceChoice';

/** Runs the edit over all examples of the trace's file, after the person chose how it is meant. */
export async function keepEdit(host: Host, trace: ShownTrace, edited: EditedTrace): Promise<void> {
  refuseUntrusted();
  const ways = editConditions(trace.example, edited);
  if (typeof ways === 'string') throw new UserError(reasonWords(ways));
  const chosen = await chooseWay(ways, trace);
  const model = chosen && (await modelFor(host, trace));
  if (!chosen || !model) return;
  const { file } = trace.summary;
  const title = vscode.l10n.t('Running the edit over {0}', path.basename(file));
  const spec = specOf(trace, chosen, { model, swap: tracesOf(host).choiceFor(trace).swap });
  const out = runsFolderFor(vscode.Uri.file(file));
  await showRunProgress(host, title, (options) => host.engine.ask('run', { spec, out }, options));
}

function reasonWords(reason: NoCondition): string {
  switch (reason) {
    case 'unchanged':
      return vscode.l10n.t('Nothing is changed yet: edit the prompt or the reasoning first.');
    case 'severalMessages':
      return vscode.l10n.t(
        'Several messages are changed. A condition is one change: undo the others, or keep them one by one.',
      );
    case 'severalSteps':
      return vscode.l10n.t(
        'Several steps are changed. A condition is one change: undo the others, or keep them one by one.',
      );
  }
}

type Way = vscode.QuickPickItem & { readonly way: EditCondition };

async function chooseWay(ways: readonly EditCondition[], { summary }: ShownTrace): Promise<EditCondition | null> {
  const items = ways.map(
    (way): Way => ({ way, label: `$(play) ${wayWords(way)}`, description: way.change.slice(0, 200) }),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Keep this edit as a condition'),
    placeHolder: vscode.l10n.t('It runs over all {0} examples of {1}', summary.examples, path.basename(summary.file)),
  });
  return picked?.way ?? null;
}

function wayWords({ how, promptEdit }: EditCondition): string {
  switch (how) {
    case 'words':
      return promptEdit
        ? vscode.l10n.t('These words, wherever prompts say them')
        : vscode.l10n.t('These words, wherever traces say them');
    case 'step':
      return vscode.l10n.t('This step of every trace, in these words');
    case 'steps':
      return vscode.l10n.t('Every trace without these steps');
  }
}

/** The edit beside the unchanged trace; a changed prompt has its own control, a changed trace also meets the swap. */
function specOf(
  trace: ShownTrace,
  { promptEdit, traceEdit }: EditCondition,
  choice: Pick<Parameters<typeof rerunSpec>[1], 'model' | 'swap'>,
): RunSpec {
  const { only: _, ...spec } = rerunSpec(trace, { ...choice, traceEdit });
  const unchanged: ConditionSpec = {
    promptEdit: noPromptEdit,
    traceEdit: { id: 'frozen', keep: { unit: 'fraction', value: 1 }, close: 'closed' },
    readout: 'forced',
  };
  const own = promptEdit ? [{ promptEdit, traceEdit, readout: 'forced' as const }] : spec.conditions;
  return {
    ...spec,
    conditions: [unchanged, ...own],
    noiseExamples: setting('counterthought.noiseExamples', vscode.Uri.file(trace.summary.file)),
  };
}
