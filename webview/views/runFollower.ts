// Owns the live summary of one run: opened once, then followed from its cursor while the run goes on and the page is there.
// Must not know how a summary looks.
import type { RunSummary } from '../../engine/domain/effect';
import type { RunId } from '../../engine/domain/ids';
import type { Page } from '../page';

export type RunFollower = {
  /** Shows another run, or the same one again; settles when its first summary is there. */
  readonly open: (run: RunId) => Promise<void>;
  readonly close: () => void;
};

/** `onSummary` is called with each new summary of the run that was opened last. */
export function followRuns(
  page: Page,
  onSummary: (summary: RunSummary) => void,
  onFailure: (error: unknown) => void,
): RunFollower {
  let controller: AbortController | null = null;

  const close = (): void => {
    controller?.abort();
    controller = null;
  };
  const open = async (run: RunId): Promise<void> => {
    close();
    const own = new AbortController();
    controller = own;
    const { signal } = own;
    const first = await page.ask('open', { run }, { signal });
    onSummary(first.summary);
    if (!mayGoOn(first.summary)) return;
    const onEvent = ({ summary }: { readonly summary: RunSummary }): void => {
      if (!signal.aborted) onSummary(summary);
    };
    page.ask('follow', { run, from: first.cursor }, { signal, onEvent }).catch((error: unknown) => {
      if (!signal.aborted) onFailure(error);
    });
  };
  return { open, close };
}

/** An interrupted run may be at work in another window, or be resumed. */
function mayGoOn({ status }: RunSummary): boolean {
  return status === 'running' || status === 'interrupted';
}
