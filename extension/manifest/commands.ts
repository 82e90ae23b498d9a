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
  openTrace: { id: 'counterthought.openTrace', title: 'Open the readable trace', icon: '$(open-preview)' },
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
  restartEngine: { id: 'counterthought.restartEngine', title: 'Restart the engine', icon: '$(refresh)' },
  showLog: { id: 'counterthought.showLog', title: 'Show log', icon: '$(output)' },
} as const;

export const category = 'Counterthought';
