// `node build.mjs manifest`: writes the files that are made of the sources.

import fs from 'node:fs';
import path from 'node:path';
import { manifestFiles } from './manifestFiles';
import { projectRoot } from './paths';

for (const [file, text] of manifestFiles()) {
  fs.mkdirSync(path.dirname(path.join(projectRoot, file)), { recursive: true });
  fs.writeFileSync(path.join(projectRoot, file), text);
}
