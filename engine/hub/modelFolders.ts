// Owns finding models in folders that a person named: ONNX models as people publish them, and GGUF files. Reads names and sizes alone.
import fs from 'node:fs';
import path from 'node:path';
import { exportsOf } from './chooseFiles';
import { ggufFilesUnder } from './ggufFiles';

export type FolderModel = {
  /** Its place below the folder that was named. */
  readonly name: string;
  /** As it is named in a spec: a folder, one of several ONNX files in it, or a GGUF file. */
  readonly model: string;
  readonly kind: 'ONNX' | 'GGUF';
  readonly bytes: number;
};

/** A folder of models is no deep tree; links in it could be endless. */
const deepest = 4;

/** In the order of the folders, then by name; folders that cannot be read hold nothing. Relative ones begin where the process does. */
export function modelsInFolders(folders: readonly string[]): readonly FolderModel[] {
  const all = folders
    .filter((folder) => folder.trim() !== '')
    .map((folder) => path.resolve(folder))
    .flatMap((root) => [...onnxModels(root, root, deepest), ...ggufModels(root)]);
  return [...new Map(all.map((one) => [one.model, one])).values()];
}

const ggufModels = (root: string): FolderModel[] =>
  ggufFilesUnder(root).map((file) => ({
    name: path.relative(root, file),
    model: file,
    kind: 'GGUF',
    bytes: fs.statSync(file).size,
  }));

function onnxModels(folder: string, root: string, depth: number): FolderModel[] {
  const entries = depth === 0 ? [] : entriesOf(folder);
  if (entries.some((one) => one.name === 'config.json')) return modelsOf(folder, path.relative(root, folder));
  return entries
    .filter((one) => one.isDirectory() || one.isSymbolicLink())
    .flatMap(({ name }) => onnxModels(path.join(folder, name), root, depth - 1));
}

function modelsOf(folder: string, name: string): FolderModel[] {
  const files = [folder, path.join(folder, 'onnx')].flatMap((place) =>
    entriesOf(place).map((one) => path.join(place, one.name)),
  );
  const sized = files.flatMap((file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    const sum = { kind: 'git', hex: '' } as const;
    return stat?.isFile()
      ? [{ path: path.relative(folder, file).split(path.sep).join('/'), size: stat.size, sum }]
      : [];
  });
  const found = exportsOf(sized);
  const title = name === '' ? path.basename(folder) : name;
  return found.map(({ files: own, precision, bytes }) => ({
    name: found.length > 1 ? `${title}:${precision}` : title,
    model: found.length > 1 ? path.join(folder, own[0]?.path ?? '') : folder,
    kind: 'ONNX',
    bytes,
  }));
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
