// The table of features, and of what each thing that a page may want is done by. A feature is one file here and one line below.
import * as vscode from 'vscode';
import type { Intent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { commands } from '../manifest/commands';
import { annotate, undoAnnotation } from './annotate';
import { startCursorRerun } from './cursorRerun';
import { startDecisionCurves } from './decisionCurves';
import { openDiff, startDiffPanel } from './diffPanel';
import { startModelDownloads } from './downloadModel';
import { copyText, savePdf } from './figureFiles';
import { startFlipsPanel } from './flipsPanel';
import { startMapping } from './mapping';
import { startModelCheck } from './modelCheck';
import { startModelTree } from './modelTree';
import { openNativeDiff, startNativeDiff } from './nativeDiff';
import { startPlainTexts } from './plainTexts';
import { startReadableTrace } from './readableTrace';
import { startRecordLenses } from './recordLenses';
import { startRerun } from './rerun';
import { startReview } from './review';
import { openReport, openSource, openSpec, openTraceOf, startRunCommands } from './runCommands';
import { startRunTree } from './runTree';
import { startSamples } from './samples';
import { startServers } from './servers';
import { startStatusBar } from './statusBar';
import { startTraceAnnotations } from './traceAnnotations';
import { startTraceEditor } from './traceEditor';
import { startWhatIf } from './whatIf';

export const features: readonly ((host: Host) => vscode.Disposable[])[] = [
  startRerun,
  startFlipsPanel,
  startDiffPanel,
  startNativeDiff,
  startPlainTexts,
  startRunCommands,
  startRunTree,
  startReview,
  startSamples,
  startStatusBar,
  startReadableTrace,
  startDecisionCurves,
  startTraceAnnotations,
  startTraceEditor,
  startMapping,
  startCursorRerun,
  startWhatIf,
  startRecordLenses,
  startServers,
  startModelDownloads,
  startModelTree,
  startModelCheck,
];

type Actions = { readonly [D in Intent['do']]: (host: Host, intent: Extract<Intent, { do: D }>) => unknown };

const actions: Actions = {
  openDiff,
  openNativeDiff,
  annotate,
  undoAnnotation,
  openReport: (host, { run }) => openReport(host, run),
  openSource: (host, { run, example }) => openSource(host, run, example),
  openTrace: (host, { run, example }) => openTraceOf(host, run, example),
  openSpec: (host, { run }) => openSpec(host, run),
  copyText: (_, intent) => copyText(intent),
  // Ends when the person has answered; the page need not wait for that.
  savePdf: (host, intent) =>
    void savePdf(host, intent).catch((error) => host.report(error, vscode.l10n.t('save the figure'))),
  // The run goes on for long after it was asked for; its failure is shown by the command, not by the page.
  resumeRun: (_, { run }) => void vscode.commands.executeCommand(commands.resumeRun.id, run),
  cancelRun: (host, { run }) => host.runs.cancel(run),
  startRun: () => void vscode.commands.executeCommand(commands.rerun.id),
};

export async function performIntent<D extends Intent['do']>(
  host: Host,
  intent: Extract<Intent, { do: D }>,
): Promise<void> {
  await actions[intent.do as D](host, intent);
}
