// Owns the examples that readable traces show: read once through the reader, laid out, forgotten when their file changes; and which model and
// swap a person chose for a file. Must not know how anything is drawn.
import path from 'node:path';
import * as vscode from 'vscode';
import type { Example } from '../../engine/domain/example';
import type { FileSummary } from '../../engine/service/contract';
import { defaultModel } from '../host/defaultModel';
import type { EngineProcess } from '../host/engineProcess';
import type { Host } from '../host/host';
import { addressOf, type TraceAddress } from './traceAddress';
import { layOut, type TraceLayout } from './traceLayout';

export type Swap = { readonly attribute: string; readonly a: string; readonly b: string };

export type ShownTrace = {
  readonly address: TraceAddress;
  readonly example: Example;
  readonly summary: FileSummary;
  readonly layout: TraceLayout;
};

/** What re-reads a trace: `model` is `null` until a person chose one that did not write it. */
export type TraceChoice = { readonly model: string | null; readonly swap: Swap | null };

export type TraceShelf = {
  /** @throws UserError when the example cannot be read */
  readonly get: (uri: vscode.Uri) => Promise<ShownTrace>;
  /** What `get` gave for it, if it did. */
  readonly peek: (uri: vscode.Uri) => ShownTrace | null;
  readonly choiceFor: (trace: ShownTrace) => TraceChoice;
  readonly choose: (file: string, choice: Partial<TraceChoice>) => Promise<void>;
  readonly onDidChoose: vscode.Event<void>;
  /** A file changed on disk; what was read of it is forgotten. */
  readonly onDidChangeFile: vscode.Event<string>;
  readonly dispose: () => void;
};

const shelves = new WeakMap<Host, TraceShelf>();

/** The one shelf of a window: all features show the same traces. */
export function tracesOf(host: Host): TraceShelf {
  const known = shelves.get(host);
  if (known) return known;
  const shelf = createTraceShelf(host.reader, host.context.workspaceState);
  host.context.subscriptions.push(shelf);
  shelves.set(host, shelf);
  return shelf;
}

const choiceKey = (file: string): string => `traceChoice:${file}`;

function createTraceShelf(reader: EngineProcess, memory: vscode.Memento): TraceShelf {
  const shown = new Map<string, { readonly trace: Promise<ShownTrace>; settled: ShownTrace | null }>();
  const chosen = new vscode.EventEmitter<void>();
  const watch = watchFiles((file) => {
    for (const [key, { settled }] of shown) if (settled?.address.file === file) shown.delete(key);
  });

  const get = (uri: vscode.Uri): Promise<ShownTrace> => {
    const key = uri.query;
    const known = shown.get(key);
    if (known) return known.trace;
    const trace = read(reader, addressOf(uri));
    const entry = { trace, settled: null as ShownTrace | null };
    shown.set(key, entry);
    trace.then(
      (settled) => {
        entry.settled = settled;
        watch.add(settled.address.file);
      },
      () => shown.delete(key),
    );
    return trace;
  };
  return {
    get,
    peek: (uri) => shown.get(uri.query)?.settled ?? null,
    choiceFor: ({ summary }) => ({
      ...firstChoice(summary),
      ...memory.get<Partial<TraceChoice>>(choiceKey(summary.file)),
    }),
    choose: async (file, choice) => {
      await memory.update(choiceKey(file), { ...memory.get<Partial<TraceChoice>>(choiceKey(file)), ...choice });
      chosen.fire();
    },
    onDidChoose: chosen.event,
    onDidChangeFile: watch.onDidChange,
    dispose: () => {
      chosen.dispose();
      watch.dispose();
    },
  };
}

async function read(reader: EngineProcess, address: TraceAddress): Promise<ShownTrace> {
  const { example, summary } = await reader.ask('openTrace', address);
  return { address, example, summary, layout: layOut(example, headerOf(example, address)) };
}

function headerOf(example: Example, { file, at }: TraceAddress): readonly string[] {
  const name = path.basename(file);
  const title = 'index' in at ? vscode.l10n.t('Example {0} of {1}', at.index + 1, name) : name;
  const line = example.source.kind === 'bytes' ? vscode.l10n.t(', line {0}', example.source.line) : '';
  const facts = [
    example.answer
      ? vscode.l10n.t('recorded answer: {0}', example.answer.option)
      : vscode.l10n.t('no answer could be read'),
    ...(example.model === null ? [] : [vscode.l10n.t('written by {0}', example.model)]),
    ...(example.opaque === null
      ? []
      : [vscode.l10n.t('its reasoning is {0}: it can be read, not re-run', example.opaque)]),
  ];
  return [`${title}${line}`, facts.join(' · ')];
}

/** Never the bundled model for traces that it did not write. */
function firstChoice({ file, bundledProducer, swaps }: FileSummary): TraceChoice {
  const own = defaultModel(vscode.Uri.file(file));
  // Curves are computed here: a server's model is asked for when it is wanted.
  const here = own?.server === null ? own.model : null;
  const [first] = swaps;
  const swap = first ? { attribute: first.attribute, a: first.a, b: first.b } : null;
  return { model: here ?? (bundledProducer ? 'bundled' : null), swap };
}

type FileWatch = {
  readonly add: (file: string) => void;
  readonly onDidChange: vscode.Event<string>;
  readonly dispose: () => void;
};

/** One watcher a file; `before` runs before anybody else hears of a change. */
function watchFiles(before: (file: string) => void): FileWatch {
  const watchers = new Map<string, vscode.FileSystemWatcher>();
  const changed = new vscode.EventEmitter<string>();
  const tell = (file: string) => (): void => {
    before(file);
    changed.fire(file);
  };
  return {
    add: (file) => {
      if (watchers.has(file)) return;
      const pattern = new vscode.RelativePattern(path.dirname(file), path.basename(file));
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidChange(tell(file));
      watcher.onDidCreate(tell(file));
      watcher.onDidDelete(tell(file));
      watchers.set(file, watcher);
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const watcher of watchers.values()) watcher.dispose();
      changed.dispose();
    },
  };
}
