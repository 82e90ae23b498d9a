// Owns finding a program of ours that another process or thread runs. Must not know which.
import fs from 'node:fs';
import path from 'node:path';

/** The bundle lies beside the running one, or above it (tests run from folders of their own). */
export function builtFile(name: string): string {
  for (let place = __dirname; ; place = path.dirname(place)) {
    const file = path.join(place, name);
    if (fs.existsSync(file)) return file;
    if (place === path.dirname(place))
      throw new Error(`${name} is not built: it is neither in ${__dirname} nor above it`);
  }
}
