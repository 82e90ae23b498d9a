// Where things are on disk for tests and their set-up. Nothing here creates anything but the cache folder.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The project's root: the nearest folder above the running bundle that holds build.mjs. */
export const projectRoot = findRoot(__dirname);

/** Downloads and everything made from them live here, outside the tree: $COUNTERTHOUGHT_CACHE or ~/.cache/counterthought. */
export function cacheFolder(): string {
  const folder = process.env.COUNTERTHOUGHT_CACHE ?? path.join(os.homedir(), '.cache', 'counterthought');
  fs.mkdirSync(folder, { recursive: true });
  return path.resolve(folder);
}

function findRoot(start: string): string {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'build.mjs'))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`No build.mjs above ${start}: run this from the project.`);
  }
}
