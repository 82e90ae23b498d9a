// Owns finding the files of a model folder as people publish them, and what can be known of them without loading weights.
// Must not know sessions, tokenizers or how the model is evaluated.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../domain/failure';
import { type OnnxSummary, summarizeOnnx } from './graph/onnxSummary';
import { CorruptBytesError } from './graph/wireReader';

export type ModelConfig = {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly vocabSize: number;
  /** Longest sequence that the model was made for, in tokens. */
  readonly contextTokens: number;
  /** Weights of the layers, without embeddings: estimated from the shape. */
  readonly parameters: number;
};

export type ModelFiles = {
  readonly folder: string;
  readonly onnxFile: string;
  /** Absolute paths of the external data files, sorted. */
  readonly dataFiles: readonly string[];
  readonly config: ModelConfig;
  readonly summary: OnnxSummary;
};

/** Several ONNX files: full precision before rounded weights, and among those the ones that are evaluated exactly. */
const preferredNames = [
  'model',
  'model_fp16',
  'model_q4',
  'model_q4f16',
  'model_bnb4',
  'model_int8',
  'model_quantized',
];

/**
 * @param place a model folder, or one of the ONNX files in it
 * @throws UserError naming the folder or file and the way out.
 */
export function openModelFolder(place: string): ModelFiles {
  const named = place.endsWith('.onnx') && fs.statSync(place, { throwIfNoEntry: false })?.isFile() ? place : null;
  const folder = named === null ? place : folderOf(named);
  if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(
      `There is no model folder ${folder}. Choose a folder that holds config.json, tokenizer.json and an ONNX file.`,
    );
  const config = readConfig(folder);
  const onnxFile = named ?? findOnnx(folder);
  const summary = summarize(onnxFile);
  const dataFiles = summary.dataFiles.map((name) => externalFile(onnxFile, name));
  return { folder, onnxFile, dataFiles, config, summary };
}

/** Published folders keep several exports in `onnx/`, beside nothing else. */
export function folderOf(onnxFile: string): string {
  const own = path.dirname(onnxFile);
  return path.basename(own) === 'onnx' && !fs.existsSync(path.join(own, 'config.json')) ? path.dirname(own) : own;
}

function readConfig(folder: string): ModelConfig {
  const file = path.join(folder, 'config.json');
  if (!fs.existsSync(file))
    throw new UserError(
      `${folder} has no config.json. Choose a model folder as published: config.json, tokenizer.json and an ONNX file.`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file} is not readable JSON (${(error as Error).message}). Download the model again.`);
  }
  const record = parsed !== null && typeof parsed === 'object' ? (parsed as Record<string, unknown>) : {};
  return shapeOf(record, file);
}

/** Models that also see or hear keep the shape of their language part in `text_config`. */
function shapeOf(whole: Record<string, unknown>, file: string): ModelConfig {
  const nested = whole.text_config;
  const record = nested !== null && typeof nested === 'object' ? { ...whole, ...nested } : whole;
  const number = (name: string): number | undefined => {
    const value = record[name];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const need = (name: string): number => {
    const value = number(name);
    if (value === undefined)
      throw new UserError(`${file} does not say ${name}. Is it the configuration of a language model?`);
    return value;
  };
  const hidden = need('hidden_size');
  const heads = need('num_attention_heads');
  const layers = need('num_hidden_layers');
  const inner = number('intermediate_size') ?? 4 * hidden;
  return {
    layers,
    kvHeads: number('num_key_value_heads') ?? heads,
    headSize: number('head_dim') ?? hidden / heads,
    vocabSize: need('vocab_size'),
    contextTokens: need('max_position_embeddings'),
    parameters: layers * (4 * hidden * hidden + 3 * hidden * inner),
  };
}

function findOnnx(folder: string): string {
  const found = [folder, path.join(folder, 'onnx')].flatMap((place) => onnxFilesIn(place));
  const rank = (file: string): number => {
    const at = preferredNames.indexOf(path.basename(file, '.onnx'));
    return at < 0 ? preferredNames.length : at;
  };
  const [best] = found.sort((a, b) => rank(a) - rank(b));
  if (best === undefined)
    throw new UserError(
      `${folder} has no ONNX file, neither in itself nor in onnx/. Download or export the model's model.onnx into it.`,
    );
  return best;
}

function onnxFilesIn(place: string): string[] {
  if (!fs.existsSync(place)) return [];
  const names = fs.readdirSync(place).filter((name) => name.endsWith('.onnx'));
  return names.sort().map((name) => path.join(place, name));
}

function summarize(file: string): OnnxSummary {
  try {
    const summary = summarizeOnnx(file);
    if (summary.operators.size > 0) return summary;
  } catch (error) {
    if (!(error instanceof CorruptBytesError)) throw error;
    throw corruptFile(file, error.message);
  }
  throw corruptFile(file, 'it holds no graph');
}

export function corruptFile(file: string, reason: string): UserError {
  return new UserError(`${file} is damaged or no ONNX model: ${reason}. Download or export it again.`);
}

function externalFile(onnxFile: string, name: string): string {
  const file = path.resolve(path.dirname(onnxFile), name);
  if (!fs.existsSync(file))
    throw new UserError(`${onnxFile} keeps its weights in ${name}, which is not beside it. Download that file too.`);
  return file;
}

/** How the weights are stored, for people: `fp32`, `fp16`, `int4`, `int8`, with what follows from it. */
export function precisionOf(summary: OnnxSummary, cacheType: string): string {
  if (isDynamic(summary)) return dynamicPrecision;
  if (summary.packed.length > 0) return [...new Set(summary.packed.map(({ bits }) => `int${bits}`))].sort().join('+');
  return cacheType === 'float16' ? 'fp16' : 'fp32';
}

const dynamicPrecision =
  'int8 with activations quantized over all tokens of a call, so that shared prefixes are not re-used: each text is evaluated alone';

/** Activations are quantized over all rows of a call, so a row's result depends on what else is in the call. */
export function isDynamic(summary: OnnxSummary): boolean {
  return ['DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'MatMulIntegerToFloat'].some((name) =>
    summary.operators.has(name),
  );
}

/** Products that the file wants rounded (MatMulNBits at accuracy level 4): fast, but a token then depends on what else is in its call. */
export const isRounded = (summary: OnnxSummary): boolean =>
  summary.packed.some(({ accuracyLevel }) => accuracyLevel > 1);

const hashes = new Map<string, string>();

/** sha256 over the files' bytes in order, hexadecimal. Remembered for this process by path, size and time of change. */
export async function hashFiles(files: readonly string[]): Promise<string> {
  const key = files
    .map((file) => {
      const { size, mtimeMs } = fs.statSync(file);
      return `${file} ${size} ${mtimeMs}`;
    })
    .join('\n');
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const file of files)
    for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const value = hash.digest('hex');
  hashes.set(key, value);
  return value;
}
