// Owns how a run that is at work appears: in the status bar, where it covers nothing, and in the panel. Shared by new and resumed runs.
import * as vscode from 'vscode';
import { UserError } from '../../engine/domain/failure';
import type { RunId } from '../../engine/domain/ids';
import type { RunProgress } from '../../engine/service/contract';
import type { CallOptions } from '../../engine/wire/contract';
import type { Host } from '../host/host';
import { withPatientProgress } from '../host/patientProgress';
import { commands } from '../manifest/commands';

/** Asks the engine for the run; settles when it is over. */
export type Launch = (options: CallOptions<RunProgress>) => Promise<RunPlace>;
type RunPlace = { readonly run: RunId; readonly dir: string };

/**
 * Shows the run while it waits for its turn and works: until it is planned as what may be ended, then in the panel, which can.
 * @throws what the engine reports.
 */
export async function showRunProgress(host: Host, title: string, launch: Launch): Promise<RunPlace> {
  return withPatientProgress(title, ({ signal, cancel, report, settle }) => {
    const before = host.queue.runs().length;
    if (before > 0) report(waitingWords(before));
    return host.queue.add(title, signal, async (own, tell) => {
      let run: RunId | null = null;
      const onEvent = (event: RunProgress): void => {
        if (event.type === 'progress') {
          report(progressMessage(event));
          tell(event);
        }
        if (event.type !== 'planned') return;
        run = event.run;
        settle();
        host.runs.add(event.run, event.dir, cancel);
        void vscode.commands.executeCommand(commands.showFlips.id, event.run);
      };
      report(loadingWords(host));
      try {
        return await launch({ signal: own, onEvent });
      } catch (error) {
        throw run === null ? error : withWayOut(error);
      } finally {
        if (run !== null) host.runs.finish(run);
      }
    });
  });
}

const waitingWords = (before: number): string =>
  before === 1 ? vscode.l10n.t('waits for the run at work') : vscode.l10n.t('waits for {0} runs', before);

const loadingWords = ({ engine }: Host): string =>
  engine.state().kind === 'ready'
    ? vscode.l10n.t('loading the model')
    : vscode.l10n.t('starting the engine, loading the model');

/** What is recorded stays: a run that was begun can be resumed, whatever stopped it. */
function withWayOut(error: unknown): unknown {
  if (!(error instanceof UserError) || error.fix) return error;
  const message = vscode.l10n.t('{0} What was recorded is kept; the run can be resumed.', error.message);
  return new UserError(message, { label: vscode.l10n.t('Resume…'), command: commands.resumeRun.id });
}

function progressMessage({ done, planned, etaMs }: Extract<RunProgress, { type: 'progress' }>): string {
  const counts = vscode.l10n.t('{0} of {1} examples', done, planned);
  return etaMs === null || done === planned ? counts : vscode.l10n.t('{0}, {1} left', counts, duration(etaMs));
}

/** A duration in words, as exact as an estimate is. */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return vscode.l10n.t('about {0} s', seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 90
    ? vscode.l10n.t('about {0} min', minutes)
    : vscode.l10n.t('about {0} h', Math.round(minutes / 60));
}
