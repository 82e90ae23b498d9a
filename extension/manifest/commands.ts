// Owns the commands that a person can name. What each does lives in features/; ids are used from here, never spelled twice.

export const commands = {
  rerun: { id: 'counterthought.rerun', title: 'Re-run from here', icon: '$(debug-rerun)' },
  openTraces: { id: 'counterthought.openTraces', title: 'Open as traces', icon: '$(list-unordered)' },
  chooseFields: {
    id: 'counterthought.chooseFields',
    title: 'Choose the fields of this file',
    icon: '$(symbol-field)',
  },
  showFlips: { id: 'counterthought.showFlips', title: 'Show flip rates', icon: '$(graph)' },
  openTrace: { id: 'counterthought.openTrace', title: 'Read one trace', icon: '$(open-preview)' },
  rerunHere: { id: 'counterthought.rerunHere', title: 'Re-run from the cursor', icon: '$(debug-rerun)' },
  rerunWithout: { id: 'counterthought.rerunWithout', title: 'Re-run without the selected steps', icon: '$(remove)' },
  keepEdit: { id: 'counterthought.keepEdit', title: 'Keep this edit as a condition', icon: '$(save-all)' },
  editCopy: { id: 'counterthought.editCopy', title: 'Edit a copy: live what-if', icon: '$(edit)' },
  openCutDiff: { id: 'counterthought.openCutDiff', title: 'Show the last re-run in the diff', icon: '$(diff)' },
  chooseTraceModel: {
    id: 'counterthought.chooseTraceModel',
    title: 'Choose the model of the decision curves',
    icon: '$(server-process)',
  },
  chooseTraceSwap: {
    id: 'counterthought.chooseTraceSwap',
    title: 'Choose the swap of the decision curves',
    icon: '$(arrow-swap)',
  },
  resumeRun: { id: 'counterthought.resumeRun', title: 'Resume a run', icon: '$(debug-continue)' },
  openReport: { id: 'counterthought.openReport', title: "Open a run's report", icon: '$(file-text)' },
  openSpec: { id: 'counterthought.openSpec', title: "Open a run's spec", icon: '$(json)' },
  renameRun: { id: 'counterthought.renameRun', title: 'Rename a run', icon: '$(edit)' },
  tagRun: { id: 'counterthought.tagRun', title: 'Tag a run', icon: '$(tag)' },
  deleteRun: { id: 'counterthought.deleteRun', title: 'Delete a run', icon: '$(trash)' },
  revealRun: { id: 'counterthought.revealRun', title: "Show a run's folder", icon: '$(folder-opened)' },
  copyRunLink: { id: 'counterthought.copyRunLink', title: 'Copy a link to a run', icon: '$(link)' },
  pauseRun: { id: 'counterthought.pauseRun', title: 'Pause a run', icon: '$(debug-pause)' },
  runSpec: { id: 'counterthought.runSpec', title: 'Run this spec', icon: '$(run)' },
  reviewExamples: { id: 'counterthought.reviewExamples', title: 'Review examples', icon: '$(checklist)' },
  exportAnnotations: { id: 'counterthought.exportAnnotations', title: 'Export annotations', icon: '$(export)' },
  importAnnotations: { id: 'counterthought.importAnnotations', title: 'Import annotations', icon: '$(cloud-download)' },
  openAnnotated: { id: 'counterthought.openAnnotated', title: 'Open the annotated example', icon: '$(diff)' },
  restartEngine: { id: 'counterthought.restartEngine', title: 'Restart the engine', icon: '$(refresh)' },
  addServer: { id: 'counterthought.addServer', title: 'Add a model server', icon: '$(server)' },
  downloadModel: { id: 'counterthought.downloadModel', title: 'Download a model', icon: '$(cloud-download)' },
  setHubToken: { id: 'counterthought.setHubToken', title: "Set the hub's access token", icon: '$(key)' },
  showLog: { id: 'counterthought.showLog', title: 'Show log', icon: '$(output)' },
} as const;

export const category = 'Counterthought';
