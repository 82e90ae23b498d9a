// Owns how long work is shown: in the status bar, where it covers nothing; and once a person may be waiting for it, in a notification that can
// end it, until it shows itself elsewhere. Must not know what is done.
import * as vscode from 'vscode';

export type Work = {
  readonly signal: AbortSignal;
  readonly cancel: () => void;
  readonly report: (message: string) => void;
  /** What is done is seen, and can be ended, elsewhere from now on. */
  readonly settle: () => void;
};

const patienceMs = 2500;

export async function withPatientProgress<T>(title: string, act: (work: Work) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const notice = cancellableNotice(title, () => controller.abort());
  const window = { location: vscode.ProgressLocation.Window, title };
  return vscode.window.withProgress(window, async (progress) => {
    const report = (message: string): void => {
      progress.report({ message });
      notice.report(message);
    };
    try {
      return await act({ signal: controller.signal, cancel: () => controller.abort(), report, settle: notice.close });
    } finally {
      notice.close();
    }
  });
}

type Notice = { readonly report: (message: string) => void; readonly close: () => void };

/** Opens by itself when it is time. */
function cancellableNotice(title: string, cancel: () => void): Notice {
  let last = '';
  let shown: vscode.Progress<{ message: string }> | null = null;
  let close = (): void => undefined;
  const open = (): void => {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (progress, token) => {
      shown = progress;
      progress.report({ message: last });
      token.onCancellationRequested(cancel);
      return new Promise<void>((resolve) => {
        close = () => resolve();
      });
    });
  };
  const timer = setTimeout(open, patienceMs);
  return {
    report: (message) => {
      last = message;
      shown?.report({ message });
    },
    close: () => {
      clearTimeout(timer);
      shown = null;
      close();
    },
  };
}
