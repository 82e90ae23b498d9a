// Owns the containers of our views, the views in them, and what an empty one says.
import { viewTable } from '../../webview/views';
import { commands } from './commands';

const panel = 'counterthoughtPanel';
const bar = 'counterthoughtBar';
const icon = 'extension/media/icon.svg';

/** The trees of the activity bar. */
export const treeIds = {
  runs: 'counterthought.runs',
  files: 'counterthought.files',
  annotations: 'counterthought.annotations',
  models: 'counterthought.models',
} as const;

export const viewsContainers = {
  activitybar: [{ id: bar, title: 'Counterthought', icon }],
  panel: [{ id: panel, title: 'Counterthought', icon }],
} as const;

export const panelViews = {
  [panel]: [{ type: 'webview', id: viewTable.flips.id, name: viewTable.flips.title, icon }],
  [bar]: [
    { id: treeIds.runs, name: 'Runs' },
    { id: treeIds.files, name: 'Trace files' },
    { id: treeIds.annotations, name: 'Annotations', visibility: 'collapsed' },
    { id: treeIds.models, name: 'Models', visibility: 'collapsed' },
  ],
} as const;

export const viewsWelcome = [
  {
    view: treeIds.runs,
    contents: `No runs yet. A run holds the reasoning of a file's traces fixed, changes the prompt and answers again.\n[Re-run a trace file](command:${commands.rerun.id})\n[Open the samples](command:${commands.openSamples.id})`,
  },
  {
    view: treeIds.files,
    contents:
      'No trace files here. They are files of model outputs with reasoning: JSON Lines, Inspect logs, Parquet and others.\n[Open a Folder](command:vscode.openFolder)',
  },
  {
    view: treeIds.annotations,
    contents: `No annotations yet. Open an example from the flip rates and press 1 to 9 to label it.\n[Show flip rates](command:${commands.showFlips.id})`,
  },
] as const;
