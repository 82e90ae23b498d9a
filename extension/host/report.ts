// Owns the one place where failures are shown: in words, with the way out as a button. Must not know what was attempted beyond its name.
import * as vscode from 'vscode';
import { CancelledError, type Fix, UserError } from '../../engine/domain/failure';
import { commands } from '../manifest/commands';
import type { Log } from './log';

/** Shows an error that stopped `attempt` (a phrase such as "re-run the trace"); cancellations are silent. */
export type Report = (error: unknown, attempt: string) => void;

export function createReport(log: Log): Report {
  return (error, attempt) => {
    if (error instanceof CancelledError) return;
    const known = error instanceof UserError;
    const message = error instanceof Error ? error.message : String(error);
    log.error(`could not ${attempt}: ${(!known && error instanceof Error && error.stack) || message}`);
    const fix: Fix =
      known && error.fix ? error.fix : { label: vscode.l10n.t('Show Log'), command: commands.showLog.id };
    const text = known
      ? message
      : vscode.l10n.t('Could not {0}: {1} This is a bug of Counterthought.', attempt, message);
    void vscode.window.showErrorMessage(text, fix.label).then((chosen) => {
      if (chosen)
        void vscode.commands.executeCommand(fix.command, ...(fix.argument === undefined ? [] : [fix.argument]));
    });
  };
}
