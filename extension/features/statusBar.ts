// Owns the status bar item: what the engine is doing, what works and what waits, and the list in which runs are cancelled or moved forward.
import * as vscode from 'vscode';
import type { EngineState } from '../host/engineProcess';
import type { Host } from '../host/host';
import type { QueuedRun } from '../host/runQueue';
import { commands } from '../manifest/commands';
import { duration } from './runProgress';

export function startStatusBar(host: Host): vscode.Disposable[] {
  const item = vscode.window.createStatusBarItem('counterthought.engine', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('Counterthought engine');
  item.command = commands.showQueue.id;
  const update = (): void => {
    const runs = host.queue.runs();
    const engine = engineWords(host.engine.state());
    item.text = `${iconOf(host.engine.state(), runs)} ${shortWords(runs)}`;
    item.tooltip = [engine, ...runs.map(runWords)].join('\n');
    item.accessibilityInformation = { label: vscode.l10n.t('Counterthought: {0}', item.tooltip) };
  };
  update();
  item.show();
  return [
    item,
    host.onDidChangeEngine(update),
    host.onDidChangeQueue(update),
    vscode.commands.registerCommand(commands.showQueue.id, () => showQueue(host)),
  ];
}

function iconOf({ kind }: EngineState, runs: readonly QueuedRun[]): string {
  if (kind === 'failed') return '$(warning)';
  if (runs.length > 0 || kind === 'starting') return '$(sync~spin)';
  return kind === 'ready' ? '$(check)' : '$(circle-outline)';
}

/** `Counterthought`, or how far the run at work is, and how many wait. */
function shortWords(runs: readonly QueuedRun[]): string {
  const [first] = runs;
  if (!first) return 'Counterthought';
  const { done, planned } = first.progress ?? { done: 0, planned: 0 };
  const share = planned === 0 ? '…' : `${Math.floor((100 * done) / planned)}%`;
  return runs.length === 1 ? share : vscode.l10n.t('{0}, {1} waiting', share, runs.length - 1);
}

/** What the engine does now, and what the next command would make it do. */
export function engineWords(state: EngineState): string {
  switch (state.kind) {
    case 'stopped':
      return vscode.l10n.t('The engine is not running; the next re-run starts it.');
    case 'starting':
      return vscode.l10n.t('The engine is starting; what is asked of it meanwhile waits.');
    case 'ready':
      return vscode.l10n.t('The engine is ready (process {0}).', state.pid);
    case 'failed':
      return vscode.l10n.t(
        '{0} Runs are kept: resume one, or start another, and the engine starts again.',
        state.reason,
      );
  }
}

function runWords({ title, state, progress }: QueuedRun): string {
  if (state === 'waiting') return vscode.l10n.t('{0}: waits', title);
  if (progress === null) return vscode.l10n.t('{0}: loading the model', title);
  const { done, planned, etaMs } = progress;
  if (etaMs === null || done === planned) return vscode.l10n.t('{0}: {1} of {2} examples', title, done, planned);
  return vscode.l10n.t('{0}: {1} of {2} examples, {3} left', title, done, planned, duration(etaMs));
}

type Line = vscode.QuickPickItem & { readonly run?: QueuedRun; readonly command?: string };

const cancelButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('debug-stop'),
  tooltip: vscode.l10n.t('Cancel this run'),
});
const frontButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('arrow-up'),
  tooltip: vscode.l10n.t('Run it next'),
});

/** News of a run come many times a second. */
const redrawMs = 400;

/** What works and what waits, live; Enter on a run cancels or moves it, as its buttons do. */
function showQueue(host: Host): void {
  const picker = vscode.window.createQuickPick<Line>();
  /** The line that a person stands on stays the one that they stand on. */
  const draw = (): void => {
    const [at] = picker.activeItems;
    picker.items = queueLines(host);
    const same = picker.items.find(({ run, label }) => (at?.run ? run?.id === at.run.id : label === at?.label));
    if (same) picker.activeItems = [same];
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drawSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      draw();
    }, redrawMs);
  };
  const subscriptions = [host.onDidChangeQueue(drawSoon), host.onDidChangeEngine(drawSoon)];
  picker.title = vscode.l10n.t('Runs at work and waiting');
  picker.keepScrollPosition = true;
  picker.onDidTriggerItemButton(({ item: { run }, button }) => {
    if (run) (button.tooltip === frontButton().tooltip ? host.queue.moveToFront : host.queue.cancel)(run.id);
  });
  picker.onDidAccept(async () => {
    const [line] = picker.selectedItems;
    picker.hide();
    if (line?.run) await askRun(host, line.run);
    else if (line?.command) await vscode.commands.executeCommand(line.command);
  });
  picker.onDidHide(() => {
    clearTimeout(timer);
    for (const one of subscriptions) one.dispose();
    picker.dispose();
  });
  draw();
  picker.show();
}

function queueLines(host: Host): Line[] {
  const state = host.engine.state();
  const runs = host.queue.runs().map((run, at): Line => {
    const buttons = run.state === 'waiting' && at > 1 ? [frontButton(), cancelButton()] : [cancelButton()];
    const icon = run.state === 'working' ? '$(sync~spin)' : '$(clock)';
    return {
      label: `${icon} ${run.title}`,
      description: runWords({ ...run, title: '' }).replace(/^: /, ''),
      buttons,
      run,
    };
  });
  return [
    ...(runs.length > 0 ? runs : [{ label: vscode.l10n.t('$(check) No run is at work, none waits') }]),
    { label: vscode.l10n.t('Engine'), kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t('$(refresh) Restart the engine'),
      description: engineWords(state),
      command: commands.restartEngine.id,
    },
    { label: vscode.l10n.t('$(graph) Show flip rates'), command: commands.showFlips.id },
    { label: vscode.l10n.t('$(output) Show log'), command: commands.showLog.id },
  ];
}

/** For the keyboard, which reaches no buttons of a list. */
async function askRun(host: Host, { id, title, state }: QueuedRun): Promise<void> {
  const cancel = { label: vscode.l10n.t('Cancel this run'), act: () => host.queue.cancel(id) };
  const front = { label: vscode.l10n.t('Run it next'), act: () => host.queue.moveToFront(id) };
  const picked = await vscode.window.showQuickPick(state === 'waiting' ? [front, cancel] : [cancel], { title });
  picked?.act();
}
