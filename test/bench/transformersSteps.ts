// Owns the pieces of work that transformers.js is measured on.
import type { MeasuredProcess } from './childProcess';
import type { Step } from './interleaved';
import { freshStep } from './memory';
import { wholeText } from './ownSteps';
import type { TransformersCall, TransformersRequest } from './transformersProcess';
import { answerTokens, cutsOf, type Workload } from './workload';

type Peer = MeasuredProcess<TransformersRequest>;

const prefill = (workload: Workload): TransformersCall => ({ ids: wholeText(workload), newTokens: 1 });
const plain = (workload: Workload): TransformersCall => ({ ids: wholeText(workload), newTokens: answerTokens });

export function transformersSteps(name: string, peer: Peer, workload: Workload): readonly Step[] {
  const { prompt, trace, closing, options } = workload;
  const step = (key: string, calls: readonly TransformersCall[]): Step => ({
    key: `${name}/transformers ${key}`,
    measure: () => peer.ask({ calls }),
  });
  const kept = [0, trace.length / 2, trace.length].map((length) => [...prompt, ...trace.slice(0, length)]);
  const forks = cutsOf(workload, 10).map((cut) => [...prompt, ...trace.slice(0, cut), ...closing]);
  return [
    step('prefill', [prefill(workload)]),
    step('plain', [plain(workload)]),
    step(
      'forks',
      forks.map((ids) => ({ ids, newTokens: answerTokens })),
    ),
    // One sample of each open condition, and each option of each closed one, of the prompt without swap: see `independentCost`.
    step(
      'open',
      kept.map((ids) => ({ ids, newTokens: answerTokens })),
    ),
    step(
      'closed',
      kept
        .slice(1)
        .flatMap((ids) => options.map((option) => ({ ids: [...ids, ...closing, option.ids[0]!], newTokens: 1 }))),
    ),
  ];
}

export const countedStep = (name: string, peer: Peer, workload: Workload): Step => ({
  key: `${name}/transformers counted prefill`,
  measure: () => peer.ask({ calls: [prefill(workload)] }),
});

export const transformersMemoryStep = (name: string, start: () => Promise<Peer>, workload: Workload): Step =>
  freshStep(`${name}/transformers memory`, start, { calls: [plain(workload)] });
