// Owns which model a name means: the bundled one, a folder, a model of the hub that is on this machine. Must not know what is in a model folder.
import fs from 'node:fs';
import path from 'node:path';
import { isGguf } from '../backends/gguf/ggufFile';
import { UserError } from '../domain/failure';
import { ggufFiles } from '../hub/ggufFiles';
import { parseHubModel } from '../hub/hubModel';
import { hubPlace } from '../hub/hubPlace';
import { findCached } from '../hub/onDisk';

/** The folder of this package, wherever its bundles were started from. */
export function packageRoot(): string {
  for (let dir = __dirname; ; dir = path.dirname(dir)) {
    const file = path.join(dir, 'package.json');
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes('"name": "counterthought"')) return dir;
    if (path.dirname(dir) === dir) throw new Error(`No package.json of counterthought above ${__dirname}.`);
  }
}

export const bundledModelId = 'counterthought/organism-2m';

/**
 * `bundled`, a path, or a model of the hub that is on this machine, to the folder that holds it, or to one of the ONNX files in it.
 * @throws UserError when there is none.
 */
export function modelFolder(model: string): string {
  if (model === 'bundled') return path.join(packageRoot(), 'samples', 'model');
  const place = path.resolve(model);
  const found = fs.statSync(place, { throwIfNoEntry: false });
  if (found?.isDirectory() || (found?.isFile() && (place.endsWith('.onnx') || isGguf(place)))) return place;
  const named = found === undefined ? parseHubModel(model) : null;
  if (named === null)
    throw new UserError(
      `${place} is no model folder. --model takes a folder (config.json, tokenizer.json, an ONNX file), an ONNX file in one, a GGUF file, owner/name of the hub, or "bundled".`,
    );
  const cached = findCached(hubPlace(), named);
  if (cached !== null) return cached;
  throw new UserError(
    `${model} is neither a folder nor downloaded. \`counterthought models get ${model}\` downloads it, after \`counterthought models info ${model}\` has said what it weighs.`,
  );
}

const plainName = (model: string): string => (model.split('/').pop() ?? model).toLowerCase();

/** Whether traces by these producers, run on this model, are read by another model than the one that wrote them. */
export function isCrossModel(producers: readonly string[], model: string): boolean {
  return producers.some((producer) => plainName(producer) !== plainName(model));
}

/** The folder that holds a model's tokenizer and template. @throws UserError for a GGUF file, which only its server can read */
export function folderWithText(model: string): string {
  const place = modelFolder(model);
  if (isGguf(place))
    throw new UserError('A GGUF file keeps its tokenizer for its server, so its prompts are seen only when it runs.');
  return place;
}

/** What other tools call this file where it bears no name of its own (Ollama keeps files under their checksums); `null`: nothing. */
export function nameOfFile(file: string): string | null {
  if (!path.basename(file).startsWith('sha256-')) return null;
  return ggufFiles().find((one) => one.file === file)?.name ?? null;
}
