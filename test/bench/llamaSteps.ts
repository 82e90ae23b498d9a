// Owns the pieces of work that node-llama-cpp is measured on, and the rows that compare this engine's int4 with it.
import type { MeasuredProcess } from './childProcess';
import type { Step } from './interleaved';
import type { LlamaContinued, LlamaRequest, LlamaScored, LlamaTrunk } from './llamaProcess';
import { draftedShare, longAnswer, wholeText } from './ownSteps';
import type { RowSpec } from './rows';
import { defaultRunJob, type Workload } from './workload';

export function llamaSteps(peer: MeasuredProcess<LlamaRequest>, workload: Workload): readonly Step[] {
  const ids = wholeText(workload);
  const greedily = (newTokens: number): LlamaTrunk => ({
    ids,
    scored: [],
    continued: [{ ids, samples: 1, newTokens, temperature: 0 }],
  });
  return [
    {
      key: 'llama/tail',
      measure: () => peer.ask({ before: ids.slice(0, -1), trunks: [greedily(longAnswer)] }),
    },
    {
      key: 'llama/prefill',
      measure: () => peer.ask({ before: null, trunks: [greedily(1)] }),
    },
    {
      key: 'llama/default run',
      measure: () => peer.ask({ before: null, trunks: trunksOf(workload) }),
    },
  ];
}

/** The same leaves as this engine's default run, by prompt. */
function trunksOf(workload: Workload): readonly LlamaTrunk[] {
  const { leaves } = defaultRunJob(workload);
  return [workload.prompt, workload.swapped].map((prompt, index) => {
    const own = leaves.filter(({ key }) => key.endsWith(` ${index}`));
    const scored: LlamaScored[] = [];
    const continued: LlamaContinued[] = [];
    for (const { ids, readout, streams } of own) {
      if (readout.kind === 'forced') scored.push({ ids, options: readout.options });
      else continued.push({ ids, samples: streams.length, newTokens: readout.maxTokens, temperature: 1 });
    }
    return { ids: [...prompt, ...workload.trace], scored, continued };
  });
}

export function llamaRows(): readonly RowSpec[] {
  return [
    {
      work: 'the default run of an example over node-llama-cpp with shared prefix and parallel sequences (int4 over Q4_1)',
      ratio: (of) => of('llama/default run') / of('int4/default run'),
      target: { atLeast: 3 },
    },
    {
      work: `a tail whose draft is right for ${100 * draftedShare} %, tokens per CPU second over node-llama-cpp (int4 over Q4_1)`,
      ratio: (of) => of('llama/tail') / of('int4/tail'),
      target: { atLeast: 1.5 },
    },
    {
      work: 'plain decode over node-llama-cpp (int4 over Q4_1)',
      ratio: (of) => of('llama/tail') / of('int4/decode'),
      target: null,
    },
    {
      work: 'prefill over node-llama-cpp (int4 over Q4_1)',
      ratio: (of) => of('llama/prefill') / of('int4/prefill'),
      target: null,
    },
  ];
}
