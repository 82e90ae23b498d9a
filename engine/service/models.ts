// Owns which model a name means: the bundled one, or a folder. Must not know what is in a model folder.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';

/** The folder of this package, wherever its bundles were started from. */
export function packageRoot(): string {
  for (let dir = __dirname; ; dir = path.dirname(dir)) {
    const file = path.join(dir, 'package.json');
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('"name": "counterthought"')) return dir;
    if (path.dirname(dir) === dir) throw new Error(`No package.json of counterthought above ${__dirname}.`);
  }
}

export const bundledModelId = 'counterthought/organism-2m';

/** `bundled`, or a path, to the folder that holds the model. @throws UserError when there is none. */
export function modelFolder(model: string): string {
  const folder = model === 'bundled' ? path.join(packageRoot(), 'samples', 'model') : path.resolve(model);
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) {
    throw new UserError(
      `${folder} is not a folder. --model takes a model folder (config.json, tokenizer.json, an ONNX file) or "bundled".`,
    );
  }
  return folder;
}

const plainName = (model: string): string => (model.split('/').pop() ?? model).toLowerCase();

/** Whether traces by these producers, run on this model, are read by another model than the one that wrote them. */
export function isCrossModel(producers: readonly string[], model: string): boolean {
  return producers.some((producer) => plainName(producer) !== plainName(model));
}
