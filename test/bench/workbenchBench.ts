// Owns the bench of the workbench, in the order in which its parts need each other: the panel before other runs are recorded, and a cold engine last.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openWorkbench } from '../support/workbench';
import { describeMachine } from './machine';
import { chunkRows, measurePanel } from './measurePanel';
import { measureTraces } from './measureTrace';
import { largeExamples, makeFolder, traceTokens } from './workbenchFolder';
import { rowLine, type WorkbenchResult, type WorkbenchRow } from './workbenchRows';

/** Tall enough that every step of a long trace can be seen at once: what is not seen has no numbers yet. */
const size = { width: 1440, height: 2600 };

const tell = (rows: readonly WorkbenchRow[]): void => {
  for (const row of rows) console.error(rowLine(row));
};

export async function benchWorkbench(repeats: number): Promise<WorkbenchResult> {
  const machine = describeMachine();
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-bench-'));
  // What is kept of these runs and files goes when they do.
  process.env.XDG_CACHE_HOME = path.join(scratch, 'cache');
  const workspace = path.join(scratch, 'study');
  fs.mkdirSync(workspace);
  try {
    const folder = await makeFolder(workspace, repeats);
    console.error(`made a run of ${largeExamples} examples, ${(folder.logBytes / 1e6).toFixed(0)} MB`);
    const workbench = await openWorkbench({ workspace, size });
    try {
      const panel = await measurePanel(workbench, repeats);
      tell(panel);
      const traces = await measureTraces(workbench, folder);
      tell(traces);
      const about = [
        `the run: ${largeExamples} examples × 6 conditions, a log of ${(folder.logBytes / 1e6).toFixed(0)} MB, written by the store's own writer from examples that were really run`,
        `the traces: the sample's sentences, about ${traceTokens} tokens of the bundled model, ${folder.traces.map(({ steps }) => steps).join(', ')} steps`,
        'a new window: the page is loaded anew, and with it the extension host and the reader process; once it has settled the panel is opened; the cache holds what the first opening kept',
      ];
      const loadAverage = Math.max(machine.loadAverage, Math.round(os.loadavg()[0]! * 10) / 10);
      return {
        machine: { ...machine, loadAverage },
        about,
        rows: [...traces.slice(0, 2), ...panel, ...traces.slice(2), ...chunkRows()],
      };
    } catch (error) {
      throw new Error(
        `${error instanceof Error ? error.message : error} (picture: ${await workbench.screenshot('bench')})`,
      );
    } finally {
      await workbench.dispose();
    }
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
  }
}
