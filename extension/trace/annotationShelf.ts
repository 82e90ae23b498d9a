// Owns what was said of words of readable traces: annotations read once through the reader and again when they change, each at its place in the
// reasoning. Must not know how they are drawn.
import * as vscode from 'vscode';
import { type Annotation, rangeIn } from '../../engine/domain/annotation';
import type { Range } from '../../engine/domain/trace';
import type { Host } from '../host/host';
import { rootOfRuns, runsFolderFor } from '../host/runLibrary';
import type { ShownTrace } from './traceShelf';

export type RangeNote = { readonly annotation: Annotation; readonly range: Range };

export type AnnotationShelf = {
  /** What is known now; when more becomes known, `onDidChange` tells. In the order of the words. */
  readonly notesOn: (trace: ShownTrace) => readonly RangeNote[];
  readonly onDidChange: vscode.Event<void>;
  readonly dispose: () => void;
};

/** The folder that holds the annotations of a trace file's examples. */
export const annotationRoot = (file: string): string => rootOfRuns(runsFolderFor(vscode.Uri.file(file)));

/** Another window or a merge may write many facts at once. */
const settleMs = 200;

export function createAnnotationShelf(host: Host): AnnotationShelf {
  const known = new Map<string, readonly Annotation[]>();
  const changed = new vscode.EventEmitter<void>();
  const load = async (root: string): Promise<void> => {
    known.set(root, known.get(root) ?? []);
    try {
      known.set(root, await host.reader.ask('annotations', { root }));
      changed.fire();
    } catch (error) {
      host.log.warn(`annotations could not be read: ${error}`);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const reload = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const root of known.keys()) void load(root);
    }, settleMs);
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/.counterthought/annotations/*.jsonl');
  const subscriptions = [
    changed,
    watcher,
    watcher.onDidChange(reload),
    watcher.onDidCreate(reload),
    watcher.onDidDelete(reload),
    host.runs.onDidChange(reload),
  ];
  return {
    notesOn: ({ example, summary }) => {
      const root = annotationRoot(summary.file);
      if (!known.has(root)) void load(root);
      return (known.get(root) ?? [])
        .flatMap((annotation): readonly RangeNote[] => {
          const { target } = annotation;
          if (target.example !== example.id || !target.range || target.sample !== undefined) return [];
          const range = rangeIn(example.trace.reasoning, target.range);
          return range ? [{ annotation, range }] : [];
        })
        .sort((a, b) => a.range.start - b.range.start);
    },
    onDidChange: changed.event,
    dispose: () => {
      clearTimeout(timer);
      for (const one of subscriptions) one.dispose();
    },
  };
}
