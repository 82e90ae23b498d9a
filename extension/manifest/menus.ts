// Owns where commands appear: the menus of trace files and of the flip-rate panel.
import { viewTable } from '../../webview/views';
import { commands } from './commands';
import { treeIds } from './panels';

/** Files that may hold traces. Well-known files of every project with the same endings are left in peace. */
const mayHoldTraces = String.raw`resourceFilename =~ /\.(jsonl|ndjson|json|eval|csv|tsv|parquet|ya?ml|txt|md)(\.(gz|zst))?$/i`;
const isProjectFile = String.raw`resourceFilename =~ /^(package(-lock)?|[tj]sconfig.*|README.*|CHANGELOG.*|LICENSE.*|requirements.*)\.(json|ya?ml|md|txt)$/i`;
const onTraceFile = `resourceScheme == file && ${mayHoldTraces} && !(${isProjectFile})`;

const openTrace = { command: commands.openTrace.id, when: onTraceFile };
/** In a readable trace; in one that a person edits. */
const inTrace = 'resourceScheme == counterthought-trace';
const inEdit = 'resourceScheme == counterthought-edit';

const onRun = `view == ${treeIds.runs} && viewItem =~ /^run/`;
const onModel = `view == ${treeIds.models} && viewItem =~ /^model/`;
const onFile = `view == ${treeIds.files} && viewItem == traceFile`;
const onSpec = String.raw`resourceScheme == file && resourceFilename =~ /\.cot\.json$/`;

const rerun = { command: commands.rerun.id, when: onTraceFile };

/** In a text editor of lines: what is seen there is seldom what a person came for. */
const asText = String.raw`resourceScheme == file && resourceExtname =~ /^\.(jsonl|ndjson)$/i && !activeCustomEditorId`;
const openTraces = { command: commands.openTraces.id, when: onTraceFile };
const chooseFields = { command: commands.chooseFields.id, when: onTraceFile };

/** Menus of our own in others. */
export const submenuIds = { more: 'counterthought.more' } as const;

export const submenus = [{ id: submenuIds.more, label: 'Counterthought' }] as const;

export const menus = {
  'explorer/context': [
    { ...rerun, group: '2_counterthought@1' },
    {
      command: commands.rerun.id,
      when: 'resourceScheme == file && explorerResourceIsFolder',
      group: '2_counterthought@1',
    },
    { ...openTraces, group: '2_counterthought@2' },
    {
      command: commands.openTraces.id,
      when: 'resourceScheme == file && explorerResourceIsFolder',
      group: '2_counterthought@2',
    },
    { ...openTrace, group: '2_counterthought@3' },
    { submenu: submenuIds.more, when: onTraceFile, group: '2_counterthought@4' },
    { command: commands.runSpec.id, when: onSpec, group: '2_counterthought@0' },
  ],
  /** What few files need. */
  [submenuIds.more]: [
    { command: commands.exportTraces.id, when: onTraceFile, group: '1@1' },
    { ...chooseFields, group: '1@2' },
  ],
  'editor/title/context': [
    { ...rerun, group: '2_counterthought@1' },
    { ...openTraces, group: '2_counterthought@2' },
  ],
  'editor/context': [
    { ...rerun, group: '1_counterthought@1' },
    { ...openTrace, group: '1_counterthought@3' },
    { command: commands.rerunHere.id, when: inTrace, group: '1_counterthought@1' },
    { command: commands.rerunWithout.id, when: inTrace, group: '1_counterthought@2' },
    { command: commands.annotateWords.id, when: inTrace, group: '1_counterthought@3' },
    { command: commands.editCopy.id, when: inTrace, group: '1_counterthought@4' },
    { command: commands.keepEdit.id, when: inEdit, group: '1_counterthought@5' },
    { command: commands.openCutDiff.id, when: inTrace, group: '1_counterthought@7' },
    { command: commands.chooseTraceModel.id, when: inTrace, group: '1_counterthought@8' },
    { command: commands.chooseTraceSwap.id, when: inTrace, group: '1_counterthought@9' },
  ],
  commandPalette: [
    { command: commands.openAnnotated.id, when: 'false' },
    { command: commands.labelWords.id, when: 'false' },
    { command: commands.annotateWords.id, when: inTrace },
    { command: commands.runSpec.id, when: onSpec },
    { command: commands.openCutDiff.id, when: inTrace },
    { command: commands.rerunWithout.id, when: inTrace },
    { command: commands.keepEdit.id, when: inEdit },
    { command: commands.chooseTraceModel.id, when: inTrace },
    { command: commands.chooseTraceSwap.id, when: inTrace },
  ],
  'editor/title': [
    { command: commands.runSpec.id, when: onSpec, group: 'navigation@0' },
    { command: commands.openTraces.id, when: asText, group: 'navigation@9' },
    { command: commands.editCopy.id, when: inTrace, group: 'navigation@1' },
    { command: commands.keepEdit.id, when: inEdit, group: 'navigation@1' },
  ],
  'view/item/context': [
    { command: commands.pauseRun.id, when: `view == ${treeIds.runs} && viewItem =~ /active/`, group: 'inline@1' },
    { command: commands.resumeRun.id, when: `view == ${treeIds.runs} && viewItem =~ /resumable/`, group: 'inline@1' },
    { command: commands.openSpec.id, when: onRun, group: 'inline@2' },
    { command: commands.renameRun.id, when: onRun, group: 'inline@3' },
    { command: commands.deleteRun.id, when: onRun, group: 'inline@4' },
    { command: commands.showFlips.id, when: onRun, group: '1_open@1' },
    { command: commands.openReport.id, when: onRun, group: '1_open@2' },
    { command: commands.openSpec.id, when: onRun, group: '1_open@3' },
    { command: commands.revealRun.id, when: onRun, group: '1_open@4' },
    { command: commands.copyRunLink.id, when: onRun, group: '1_open@5' },
    { command: commands.exportRun.id, when: onRun, group: '1_open@6' },
    { command: commands.renameRun.id, when: onRun, group: '2_change@1' },
    { command: commands.tagRun.id, when: onRun, group: '2_change@2' },
    { command: commands.deleteRun.id, when: onRun, group: '3_delete@1' },
    { command: commands.rerun.id, when: onFile, group: 'inline@1' },
    { command: commands.checkModel.id, when: onModel, group: 'inline@1' },
    { command: commands.useModel.id, when: onModel, group: 'inline@2' },
    { command: commands.removeModel.id, when: `${onModel} && viewItem =~ /removable/`, group: 'inline@3' },
  ],
  'view/title': [
    { command: commands.reviewExamples.id, when: `view == ${treeIds.annotations}`, group: 'navigation@1' },
    { command: commands.downloadModel.id, when: `view == ${treeIds.models}`, group: 'navigation@1' },
    { command: commands.addServer.id, when: `view == ${treeIds.models}`, group: 'navigation@2' },
    { command: commands.refreshModels.id, when: `view == ${treeIds.models}`, group: 'navigation@3' },
    { command: commands.exportAnnotations.id, when: `view == ${treeIds.annotations}`, group: '1_files@1' },
    { command: commands.importAnnotations.id, when: `view == ${treeIds.annotations}`, group: '1_files@2' },
    { command: commands.rerun.id, when: `view == ${treeIds.runs}`, group: 'navigation@1' },
    { command: commands.rerun.id, when: `view == ${viewTable.flips.id}`, group: 'navigation@1' },
    { command: commands.openReport.id, when: `view == ${viewTable.flips.id}`, group: 'navigation@2' },
    { command: commands.showLog.id, when: `view == ${viewTable.flips.id}`, group: '2_log@1' },
  ],
} as const;
