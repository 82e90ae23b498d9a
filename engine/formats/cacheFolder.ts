// Owns where this program keeps what it can make again. Must not know what is kept.
import os from 'node:os';
import path from 'node:path';

/** `COUNTERTHOUGHT_CACHE`, or the place that the system has for caches. */
export function cacheFolder(...names: readonly string[]): string {
  const { COUNTERTHOUGHT_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (COUNTERTHOUGHT_CACHE) return path.join(COUNTERTHOUGHT_CACHE, ...names);
  const home = os.homedir();
  const usual: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
    darwin: path.join(home, 'Library', 'Caches'),
    win32: LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
  };
  const caches = usual[process.platform] ?? (XDG_CACHE_HOME || path.join(home, '.cache'));
  return path.join(caches, 'counterthought', ...names);
}
