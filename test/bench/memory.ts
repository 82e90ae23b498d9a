// Owns measuring resident memory: every figure in a process that did nothing else.
import { type MeasuredProcess, startProcess } from './childProcess';
import type { Step } from './interleaved';
import type { OwnRequest } from './ownProcess';
import { manySamples, wholeText } from './ownSteps';
import type { RowSpec } from './rows';
import { continuationJob, forksJob, type Workload } from './workload';

const fresh =
  <Request>(start: () => Promise<MeasuredProcess<Request>>, request: Request): Step['measure'] =>
  async () => {
    const process = await start();
    try {
      return await process.ask(request);
    } finally {
      await process.close();
    }
  };

/** One plain stream, and 16 forks of the trace scored and continued. */
export function ownMemorySteps(name: string, folder: string, workload: Workload): readonly Step[] {
  const start = () => startProcess<OwnRequest>('ownProcess.js', { folder });
  const forks = forksJob(workload, { cuts: manySamples, answers: true });
  return [
    {
      key: `${name}/memory of one`,
      measure: fresh(start, { before: [], jobs: [continuationJob(wholeText(workload))] }),
    },
    { key: `${name}/memory of forks`, measure: fresh(start, { before: [], jobs: [forks] }) },
  ];
}

export const freshStep = <Request>(
  key: string,
  start: () => Promise<MeasuredProcess<Request>>,
  request: Request,
): Step => ({ key, measure: fresh(start, request) });

export const memoryRow = (name: string, label: string): RowSpec => ({
  work: `resident memory with ${manySamples} forks over one stream (${label})`,
  ratio: (of) => of(`${name}/memory of forks`, 'rssMb') / of(`${name}/memory of one`, 'rssMb'),
  target: { atMost: 1.1 },
});
