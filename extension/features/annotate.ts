// Owns turning a person's label or note into a fact, and retracting it. Where facts are kept is the engine's matter.
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import type { AnnotationTarget } from '../../engine/domain/annotation';
import type { Intent } from '../../webview/protocol';
import type { Host } from '../host/host';
import { rootOfRun } from '../host/runLibrary';
import { setting } from '../host/settings';

type Annotate = Extract<Intent, { do: 'annotate' }>;

const rubric = 'starter-1';

/** Appends the annotation; one author's newer word on the same sample replaces the older, an empty one takes it back. */
export async function annotate(host: Host, intent: Annotate): Promise<void> {
  const { run, example, condition, sample, label, note } = intent;
  const root = rootOfRun(await host.runs.dirOf(run));
  const author = setting('counterthought.annotator') || os.userInfo().username;
  const target: AnnotationTarget = { example, run, condition, sample };
  const standing = await host.reader.ask('annotations', { root });
  const own = standing.find((one) => one.author === author && isSameTarget(one.target, target));
  const fact = { v: 1, id: own?.id ?? randomUUID(), at: new Date().toISOString(), author } as const;
  if (label === null && note === '') {
    if (own) await host.reader.ask('annotate', { root, event: { ...fact, type: 'retracted' } });
  } else {
    await host.reader.ask('annotate', { root, event: { ...fact, type: 'annotated', rubric, target, label, note } });
  }
  host.runs.touch();
}

function isSameTarget(a: AnnotationTarget, b: AnnotationTarget): boolean {
  const same = a.example === b.example && a.run === b.run && a.condition === b.condition && a.sample === b.sample;
  return same && a.range === undefined && b.range === undefined;
}
