// Owns turning a person's label or note into a fact, retracting it, and undoing the last ones. Where facts are kept is the engine's matter.
import { createHash, randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Annotation, AnnotationEvent, AnnotationTarget } from '../../engine/domain/annotation';
import { targetKey } from '../../engine/domain/annotation';
import { UserError } from '../../engine/domain/failure';
import type { Intent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { rootOfRun } from '../host/runLibrary';
import { setting } from '../host/settings';
import { settings } from '../manifest/settings';
import { sourceOf } from './exampleSource';

type Annotate = Extract<Intent, { do: 'annotate' }>;

/** What stood before each annotation of this session; `null`: nothing. */
const undoable: { readonly root: string; readonly before: Annotation | null; readonly id: string }[] = [];

/** Whose annotations these are. */
export const annotator = (): string => setting('counterthought.annotator') || os.userInfo().username;

/** Names the set of labels that was offered, so that labels of another one are never taken for the same judgment. */
export function rubric(labels: readonly string[] = setting('counterthought.labels')): string {
  const own = JSON.stringify(labels);
  if (own === JSON.stringify(settings['counterthought.labels'].default)) return 'starter-1';
  return `labels-${createHash('sha256').update(own).digest('hex').slice(0, 8)}`;
}

/** A person's word on a target. `label` `null` and no note: it is taken back. */
export type Judgment = {
  readonly target: AnnotationTarget;
  readonly label: string | null;
  readonly note: string;
  /** The example's file; a hint for what no run names. */
  readonly file?: string;
};

export async function annotate(host: Host, { run, target, label, note }: Annotate): Promise<void> {
  const root = rootOfRun(await host.runs.dirOf(run));
  const isOfRun = target.run !== undefined;
  const source = isOfRun ? null : await sourceOf(host, run, target.example).catch(() => null);
  const file = source && (source.kind === 'files' ? source.folder : source.file);
  await judge(host, root, { target, label, note, ...(file ? { file } : {}) });
}

/**
 * Appends the annotation; one author's newer word on the same thing replaces the older, an empty one takes it back.
 * @param root the folder that holds the annotations
 */
export async function judge(host: Host, root: string, { target, label, note, file }: Judgment): Promise<void> {
  const author = annotator();
  const standing = await host.reader.ask('annotations', { root });
  const own = standing.find((one) => one.author === author && targetKey(one.target) === targetKey(target)) ?? null;
  const fact = { v: 1, id: own?.id ?? randomUUID(), at: new Date().toISOString(), author } as const;
  const found = file === undefined ? {} : { file: path.relative(root, file).split(path.sep).join('/') };
  if (label !== null || note !== '') {
    await append(host, root, { ...fact, type: 'annotated', rubric: rubric(), target, label, note, ...found });
  } else if (own) await append(host, root, { ...fact, type: 'retracted' });
  else return;
  undoable.push({ root, before: own, id: fact.id });
}

/** Takes back the last annotation of this session that is not yet taken back. @throws UserError when there is none. */
export async function undoAnnotation(host: Host): Promise<void> {
  const last = undoable.pop();
  if (!last) throw new UserError(vscode.l10n.t('There is no annotation of this session to undo.'));
  const at = new Date().toISOString();
  const { root, before, id } = last;
  await append(host, root, before ? { ...before, at } : { v: 1, type: 'retracted', id, at, author: annotator() });
}

async function append(host: Host, root: string, event: AnnotationEvent): Promise<void> {
  await host.reader.ask('annotate', { root, event });
  host.runs.touch();
}
