// The files that are made of the sources: package.json as VS Code reads it, and the words for translators. `node build.mjs manifest` writes
// them, a test compares them.

import fs from 'node:fs';
import path from 'node:path';
import { manifest } from '../../extension/manifest/index';
import { findMessages } from './messages';
import { projectRoot } from './paths';
import { readSources, type Sources } from './sourceGraph';

/** The code whose strings people see in the editor. What the engine says stays English. */
export const shownSources = (): Sources => readSources(projectRoot, ['extension', 'webview'], ['.ts']);

/** Path from the project's root → what should be in it. */
export function manifestFiles(): ReadonlyMap<string, string> {
  const written = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as object;
  const { messages } = findMessages(shownSources());
  return new Map([
    ['package.json', json({ ...written, ...(manifest.value as object) })],
    ['package.nls.json', json(manifest.texts)],
    ['extension/l10n/bundle.l10n.json', json(Object.fromEntries(messages.map((message) => [message, message])))],
  ]);
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
