// Owns the one place where the native runtime is touched: opening a graph, feeding it, releasing it.
// Loaded in the model's worker thread alone; `run` blocks the thread that calls it.
import path from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { UserError } from '../domain/failure';
import type { GraphSignature, GraphValue } from './layout';
import { corruptFile } from './modelFolder';

export { Tensor };
/** Name and version of the runtime that computes. */
export const runtimeName = `onnxruntime-node ${env.versions.node}`;

export type Tensors = Record<string, Tensor>;

/** The numbers of a tensor as they lie in memory: halves as their bits, whichever array type this Node has for them. */
export function rawNumbers({ type, data }: Tensor): Float32Array | Uint16Array {
  if (type === 'float32') return data as Float32Array;
  const { buffer, byteOffset, length } = data as unknown as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
}

export type SessionOptions = { readonly threads: number };

export type ModelSession = {
  readonly signature: GraphSignature;
  /** `fetches` names the outputs wanted; a tensor given there is written in place. */
  readonly run: (feeds: Tensors, fetches: Readonly<Record<string, Tensor | null>>) => Promise<Tensors>;
  readonly release: () => Promise<void>;
};

/**
 * Opens the file, or `edited` bytes in its stead, whose external data lie beside the file.
 * @throws UserError when the runtime refuses it.
 */
export async function openSession(
  onnxFile: string,
  options: SessionOptions,
  edited?: Uint8Array,
): Promise<ModelSession> {
  let session: InferenceSession;
  try {
    const settings: InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: {
        session: {
          // Spinning threads would take the other core from whoever works beside us, and gain nothing measurable.
          intra_op: { allow_spinning: '0' },
          model_external_initializers_file_folder_path: path.dirname(onnxFile),
        },
      },
    };
    session = await (edited === undefined
      ? InferenceSession.create(onnxFile, settings)
      : InferenceSession.create(edited, settings));
  } catch (error) {
    throw openingFailure(onnxFile, (error as Error).message);
  }
  const values = (metadata: InferenceSession['inputMetadata']): GraphValue[] =>
    metadata.map((value) => ({
      name: value.name,
      type: value.isTensor ? value.type : 'no tensor',
      shape: value.isTensor ? value.shape : [],
    }));
  return {
    signature: { inputs: values(session.inputMetadata), outputs: values(session.outputMetadata) },
    run: (feeds, fetches) => session.run(feeds, fetches) as Promise<Tensors>,
    release: () => session.release(),
  };
}

function openingFailure(onnxFile: string, message: string): UserError {
  const reason = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  if (/bad_alloc|failed to allocate|out of memory/i.test(reason))
    return new UserError(
      `There is not enough memory to load ${onnxFile}. Close other programs or choose a smaller model. (${reason})`,
    );
  if (/not a registered function|unsupported model IR version|opset/i.test(reason))
    return new UserError(
      `${onnxFile} needs operators that this ONNX Runtime does not have. Export it with an older opset. (${reason})`,
    );
  return corruptFile(onnxFile, reason);
}
