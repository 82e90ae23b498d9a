// Owns which files of a repository are needed to run its model: one ONNX file with its weights, and the small files around it. Pure.
import { UserError } from '../domain/failure';

export type HubFile = {
  readonly path: string;
  readonly size: number;
  /** sha256 of the content where the hub stores it apart; else the content's git id (SHA-1 with a header). */
  readonly sum: { readonly kind: 'sha256' | 'git'; readonly hex: string };
};

export type Export = { readonly precision: string; readonly files: readonly HubFile[]; readonly bytes: number };

/** Text files that a run reads, or that say what the model may be used for. */
const around = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
  'LICENSE',
  'README.md',
];
const needed = ['config.json', 'tokenizer.json'];

/** Exact ones first; of these, the one that most machines can load. */
const preferred = ['fp32', 'q4', 'fp16', 'q4f16', 'bnb4', 'q8', 'int8', 'uint8', 'quantized'];
/** Above it full precision is not what a person means by default. */
const comfortableBytes = 2 * 2 ** 30;

const modelFile = /^(?:onnx\/)?model(?:_([a-z0-9]+))?\.onnx$/;

/** The exports that a repository holds, smallest first. */
export function exportsOf(files: readonly HubFile[]): readonly Export[] {
  return files
    .flatMap((file) => {
      const found = modelFile.exec(file.path);
      if (!found) return [];
      const weights = files.filter((one) => one.path.startsWith(file.path.replace(/\.onnx$/, '.onnx_data')));
      const beside = files.filter((one) => one.path === `${file.path}.data`);
      const own = [file, ...weights, ...beside];
      return [{ precision: found[1] ?? 'fp32', files: own, bytes: own.reduce((sum, one) => sum + one.size, 0) }];
    })
    .sort((a, b) => a.bytes - b.bytes);
}

/** @throws UserError naming what the repository lacks, or the precisions that it has. */
export function chooseExport(repo: string, files: readonly HubFile[], precision: string | null): Export {
  const found = exportsOf(files);
  const lacking = needed.filter((name) => !files.some((file) => file.path === name));
  if (found.length === 0 || lacking.length > 0) {
    const what = found.length === 0 ? 'no ONNX model (model.onnx, here or in onnx/)' : `no ${lacking.join(', ')}`;
    throw new UserError(`${repo} has ${what}. Look for an ONNX export of it, or run it on a server (--server).`);
  }
  const wanted = precision === null ? byDefault(found) : found.find((one) => one.precision === precision);
  if (wanted) return wanted;
  const names = found.map((one) => one.precision).join(', ');
  throw new UserError(`${repo} has no export in ${precision}. It has: ${names}.`);
}

function byDefault(found: readonly Export[]): Export | undefined {
  const fitting = found.filter(({ precision, bytes }) => precision !== 'fp32' || bytes <= comfortableBytes);
  const rank = ({ precision }: Export): number => (preferred.indexOf(precision) + preferred.length) % preferred.length;
  return [...(fitting.length > 0 ? fitting : found)].sort((a, b) => rank(a) - rank(b))[0];
}

export const filesAround = (files: readonly HubFile[]): readonly HubFile[] =>
  files.filter((file) => around.includes(file.path));
