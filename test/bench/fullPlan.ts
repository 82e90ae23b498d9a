// Owns the full bench: the 135M model in fp32 and int4, this engine, transformers.js on the same file and node-llama-cpp on the same
// weights, and the rows with their targets.
import fs from 'node:fs';
import path from 'node:path';
import { loadModelText } from '../../engine/text/loadModelText';
import { prepareRealWeights, type RealPrecision } from '../support/realModel';
import { type Bound, shapeOf } from './bounds';
import { type MeasuredProcess, startProcess } from './childProcess';
import { filesPlan } from './filesPlan';
import type { Step } from './interleaved';
import type { LlamaRequest } from './llamaProcess';
import { llamaRows, llamaSteps } from './llamaSteps';
import { ownMemorySteps } from './memory';
import type { OwnRequest } from './ownProcess';
import { ownSteps, wholeText } from './ownSteps';
import { builderModel, installPeer, llamaPeer, type PeerModel, transformersPeer } from './peers';
import type { RowSpec } from './rows';
import { serversPlan } from './serversPlan';
import { precisionRows } from './targets';
import type { TransformersRequest } from './transformersProcess';
import { countedStep, transformersMemoryStep, transformersSteps } from './transformersSteps';
import { makeWorkload, type Workload } from './workload';

export type BenchPlan = PlanPart & {
  /** Short steps run slower the first time: their first round is thrown away. */
  readonly warmsUp: boolean;
};

type PlanPart = {
  readonly about: readonly string[];
  readonly steps: readonly Step[];
  /** Measured in the first round alone, in processes of their own, after `close`. */
  readonly once: readonly Step[];
  readonly rows: readonly RowSpec[];
  readonly bounds: readonly Bound[];
  readonly close: () => Promise<void>;
};

export async function fullPlan(precisions: readonly RealPrecision[]): Promise<BenchPlan> {
  const parts: PlanPart[] = [];
  for (const precision of precisions) parts.push(await precisionPlan(precision));
  parts.push(await llamaPlan());
  parts.push(await filesPlan());
  parts.push(await serversPlan());
  return {
    about: parts.flatMap(({ about }) => about),
    warmsUp: false,
    steps: parts.flatMap(({ steps }) => steps),
    once: parts.flatMap(({ once }) => once),
    rows: parts.flatMap(({ rows }) => rows),
    bounds: parts.flatMap(({ bounds }) => bounds),
    close: async () => {
      for (const { close } of parts) await close();
    },
  };
}

async function precisionPlan(precision: RealPrecision): Promise<PlanPart> {
  const model = await builderModel(precision, 'all logits');
  const counted = await builderModel(precision, 'counted logits');
  const install = await installPeer(transformersPeer);
  const workload = makeWorkload(await loadModelText(model.folder));
  const own = await startProcess<OwnRequest>('ownProcess.js', { folder: model.folder });
  const start = (at: PeerModel) => startProcess<TransformersRequest>('transformersProcess.js', { install, ...at });
  const peer = await start(model);
  const peerCounted = await start(counted);
  return {
    about: [
      own.about,
      `${peer.about}, ${precision}, same file: layout of the ONNX Runtime GenAI builder, logits of all rows`,
      `${peerCounted.about}, ${precision}, the file with num_logits_to_keep added (one row only)`,
    ],
    steps: [
      ...(await ownSteps(precision, own, workload)),
      ...transformersSteps(precision, peer, workload),
      countedStep(precision, peerCounted, workload),
    ],
    once: [
      ...ownMemorySteps(precision, model.folder, workload),
      transformersMemoryStep(precision, () => start(model), workload),
    ],
    rows: precisionRows(precision),
    bounds: [boundOf(precision, model, workload)],
    close: () => closeAll([own, peer, peerCounted]),
  };
}

async function closeAll(processes: readonly Pick<MeasuredProcess<never>, 'close'>[]): Promise<void> {
  for (const { close } of processes) await close();
}

function boundOf(name: string, { folder }: PeerModel, workload: Workload): Bound {
  const onnx = path.join(folder, 'onnx');
  const weights = fs.readdirSync(onnx).reduce((sum, file) => sum + fs.statSync(path.join(onnx, file)).size, 0);
  const config = JSON.parse(fs.readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<string, number>;
  const values = 2 * config.num_hidden_layers! * config.num_key_value_heads! * config.head_dim!;
  const bytesPerToken = weights + 4 * values * wholeText(workload).length;
  return { name, bytesPerToken, shape: shapeOf(config), workload };
}

/** Without the peer its rows are not measured, and the reason is printed. */
async function llamaPlan(): Promise<PlanPart> {
  const rows = llamaRows();
  try {
    const spec = { install: await installPeer(llamaPeer), weights: await prepareRealWeights(), sequences: 16 };
    const peer = await startProcess<LlamaRequest>('llamaProcess.js', spec);
    const { folder } = await builderModel('int4', 'all logits');
    const workload = makeWorkload(await loadModelText(folder));
    return { about: [peer.about], steps: llamaSteps(peer, workload), once: [], rows, bounds: [], close: peer.close };
  } catch (error) {
    const about = [`node-llama-cpp is not measured: ${(error as Error).message}`];
    return { about, steps: [], once: [], rows, bounds: [], close: async () => undefined };
  }
}
