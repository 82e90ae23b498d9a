// Owns the name by which a model folder is known to people and compared with the names in trace files.
import path from 'node:path';

/** Folders that say nothing about what is in them. */
const meaningless = /^(model|onnx|main|latest|[0-9a-f]{40})$/i;

/** `org/name` for folders of a Hugging Face cache, else the last folder name that means something. */
export function modelName(folder: string): string {
  const parts = path.resolve(folder).split(path.sep).filter(Boolean);
  const cached = parts.find((part) => part.startsWith('models--'));
  if (cached !== undefined) return cached.split('--').slice(1).join('/');
  return [...parts].reverse().find((part) => !meaningless.test(part)) ?? folder;
}
