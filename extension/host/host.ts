// Owns what every feature is given: the processes, the log, the one reporter, the library of runs. Must not know any feature.
import * as vscode from 'vscode';
import type { Intent } from '../../webview/protocol';
import { createEngineProcess, type EngineProcess, type EngineState } from './engineProcess';
import { createLog, type Log } from './log';
import { createReport, type Report } from './report';
import { createRunLibrary, type RunLibrary } from './runLibrary';
import { createRunQueue, type RunQueue } from './runQueue';

export type Host = {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly report: Report;
  /** Reads files and runs; never loads a model. */
  readonly reader: EngineProcess;
  /** Runs models, and writes the logs of runs. */
  readonly engine: EngineProcess;
  readonly runs: RunLibrary;
  readonly queue: RunQueue;
  readonly onDidChangeQueue: vscode.Event<void>;
  readonly onDidChangeEngine: vscode.Event<EngineState>;
  /** A model was downloaded or removed. */
  readonly onDidChangeModels: vscode.Event<void>;
  readonly modelsChanged: () => void;
  /** Does what a page or a command wants done. */
  readonly perform: (intent: Intent) => Promise<void>;
};

export function createHost(context: vscode.ExtensionContext, perform: Host['perform']): Host {
  const log = createLog();
  const engineChanged = new vscode.EventEmitter<EngineState>();
  const queueChanged = new vscode.EventEmitter<void>();
  const modelsChanged = new vscode.EventEmitter<void>();
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath;
  const start = (role: 'engine' | 'reader', onState: (state: EngineState) => void): EngineProcess =>
    createEngineProcess({ script, role, name: `The ${role}`, onLog: (line) => log.info(`${role}: ${line}`), onState });

  const reader = start('reader', () => {});
  const engine = start('engine', (state) => engineChanged.fire(state));
  context.subscriptions.push(
    log,
    engineChanged,
    queueChanged,
    modelsChanged,
    { dispose: reader.stop },
    { dispose: engine.stop },
  );
  return {
    context,
    log,
    report: createReport(log),
    reader,
    engine,
    runs: createRunLibrary(reader, context.workspaceState),
    queue: createRunQueue(() => queueChanged.fire()),
    onDidChangeQueue: queueChanged.event,
    onDidChangeEngine: engineChanged.event,
    onDidChangeModels: modelsChanged.event,
    modelsChanged: () => modelsChanged.fire(),
    perform,
  };
}
