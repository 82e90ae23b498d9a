// Entry of the process in which this engine is measured: through the local backend, as the product uses it.
import type { Backend } from '../../engine/backends/backend';
import { openLocalBackend } from '../../engine/backends/local';
import type { Job } from '../../engine/domain/job';
import { serve } from './childProcess';
import { measure, type Work } from './measured';

export type OwnSpec = { readonly folder: string };

/** `before` is run first and not measured. */
export type OwnRequest = { readonly before: readonly Job[]; readonly jobs: readonly Job[] };

/** Ids in the order of leaves and samples, however they were written. */
async function runOne(backend: Backend, job: Job): Promise<Work> {
  const written = new Map<string, readonly number[]>();
  let tokens = 0;
  for await (const event of backend.run(job, new AbortController().signal)) {
    if (event.type === 'continued') written.set(`${event.leaf}/${event.sample}`, event.ids);
    if (event.type === 'spent') tokens += event.tokensEvaluated;
  }
  const ids = job.leaves.flatMap(({ key, streams }) =>
    streams.map((_, sample) => written.get(`${key}/${sample}`) ?? []),
  );
  return { ids: ids.filter(({ length }) => length > 0), tokens };
}

serve<OwnSpec, OwnRequest>(async ({ folder }) => {
  const { backend } = await openLocalBackend(folder, { threads: 1 });
  const runAll = async (jobs: readonly Job[]): Promise<Work> => {
    const works: Work[] = [];
    for (const job of jobs) works.push(await runOne(backend, job));
    return { ids: works.flatMap(({ ids }) => ids), tokens: works.reduce((sum, { tokens }) => sum + tokens, 0) };
  };
  const { precision, runtime } = backend.model;
  return {
    about: `this engine, ${precision}, ${runtime}, 1 thread, local backend with its model thread`,
    answer: async ({ before, jobs }) => {
      await runAll(before);
      return measure(() => runAll(jobs));
    },
  };
});
