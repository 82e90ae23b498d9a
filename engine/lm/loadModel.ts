// Owns opening a model folder for evaluation: files, session, layout, cache, limits, and the checks that need the runtime.
// Runs in the model's worker thread. Must not know jobs.
import os from 'node:os';
import { UserError } from '../domain/failure';
import type { ModelRecord } from '../domain/run';
import { type OutputText, outputText, type PackedText } from '../text/outputText';
import { heldPrefix } from './heldPrefix';
import type { LoadedModel } from './jobRun';
import type { ModelLayout } from './layout';
import { hashFiles, isDynamic, type ModelConfig, type ModelFiles, openModelFolder, precisionOf } from './modelFolder';
import { modelName } from './modelName';
import { type OpenedForward, openForward } from './openForward';
import { runtimeName } from './session';
import { isClearlyFaster, measureForward, threadsToTry } from './threadChoice';

export type LoadOptions = {
  /** Threads of the runtime; `measured`: as many as clearly gain something on this machine, now. */
  readonly threads: number | 'measured';
  /** Memory for keys and values, at most. */
  readonly cacheBytes: number;
};

export type OpenedModel = {
  readonly model: LoadedModel;
  /** The same model with a cache of its own, for jobs that run between the calls of others. */
  readonly urgentModel: LoadedModel;
  readonly record: ModelRecord;
  /** A text is the same however it is come by: token by token, in one call, beside others. Halves round too coarsely to promise it. */
  readonly exact: boolean;
  readonly threads: number;
  readonly release: () => Promise<void>;
};

/** @throws UserError naming the folder or file and the way out. */
export async function loadModel(folder: string, packed: PackedText, options: LoadOptions): Promise<OpenedModel> {
  const files = openModelFolder(folder);
  const text = outputText(packed);
  const opened = await openMeasured(files, options.threads, sampleIds(packed));
  const { session, layout, begin } = opened;
  try {
    checkVocabulary(text, layout, files);
    const reusesPrefixes = !isDynamic(files.summary);
    const limits = limitsOf(files.config, layout, options);
    const withCache = (): LoadedModel => ({
      forward: begin(),
      text,
      reusesPrefixes,
      held: heldPrefix(),
      ...limits,
    });
    return {
      model: withCache(),
      urgentModel: withCache(),
      record: await recordOf(files, layout, text),
      exact: reusesPrefixes && layout.cacheType === 'float32',
      threads: opened.threads,
      release: session.release,
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

type MeasuredForward = OpenedForward & { readonly threads: number };

async function openMeasured(
  files: ModelFiles,
  wanted: LoadOptions['threads'],
  sample: readonly number[],
): Promise<MeasuredForward> {
  const open = async (threads: number): Promise<MeasuredForward> => ({
    ...(await openForward(files, { threads, sampleIds: sample })),
    threads,
  });
  if (wanted !== 'measured') return open(wanted);
  const machine = { cores: os.availableParallelism(), load: os.loadavg()[0]! };
  const more = threadsToTry(machine, files.config.parameters);
  const one = await open(1);
  if (more === 1) return one;
  const oneMs = await measureForward(one.begin(), sample);
  await one.session.release();
  const several = await open(more);
  if (isClearlyFaster(await measureForward(several.begin(), sample), oneMs)) return several;
  await several.session.release();
  return open(1);
}

const sampleIds = ({ sampleIds: ids }: PackedText): readonly number[] =>
  Array.from({ length: 9 }, (_, index) => ids[index % ids.length]!);

function checkVocabulary(text: OutputText, layout: ModelLayout, files: ModelFiles): void {
  if (text.vocabSize <= layout.vocabSize) return;
  throw new UserError(
    `${files.folder}: the tokenizer has ${text.vocabSize} tokens, the ONNX file ${layout.vocabSize}. They are not of the same model; download both from one place.`,
  );
}

const megabyte = 1 << 20;

/** Multiplications and additions that a core does in a call of bounded length (about 250 ms at 100 GFLOP/s). */
const operationsPerCall = 25e9;
const logitsBytesPerCall = 64 * megabyte;

function limitsOf(
  config: ModelConfig,
  layout: ModelLayout,
  { cacheBytes }: LoadOptions,
): Pick<LoadedModel, 'contextTokens' | 'slotLimit' | 'callLimits'> {
  const bytesPerValue = layout.cacheType === 'float16' ? 2 : 4;
  const slotBytes = layout.cache.length * layout.kvHeads * layout.headSize * bytesPerValue;
  const affordableSlots = Math.floor(cacheBytes / slotBytes);
  const wanted = Math.max(1, Math.floor(logitsBytesPerCall / (4 * layout.vocabSize)));
  const affordable = Math.max(8, Math.min(512, Math.floor(operationsPerCall / (2 * config.parameters))));
  return {
    contextTokens: config.contextTokens,
    // The fused operator refuses more slots than the rotary table has rows, although no position reaches that far.
    slotLimit: layout.attention === 'fused' ? Math.min(config.contextTokens, affordableSlots) : affordableSlots,
    callLimits: { rows: layout.selection === 'rows' ? affordable : Math.min(affordable, wanted), wanted },
  };
}

async function recordOf(files: ModelFiles, layout: ModelLayout, text: OutputText): Promise<ModelRecord> {
  return {
    id: modelName(files.folder),
    folder: files.folder,
    sha256: await hashFiles([files.onnxFile, ...files.dataFiles]),
    layout: layout.kind,
    precision: precisionOf(files.summary, layout.cacheType),
    tokenizerSha256: text.tokenizerSha256,
    templateSha256: text.templateSha256,
    runtime: runtimeName,
  };
}
