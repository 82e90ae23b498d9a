// Owns the checks that run the model: whether it repeats itself, whether what is evaluated together equals what is evaluated alone, how it
// is evaluated, and how fast. Must not know how a backend does it.
import type { Backend, Job, Leaf, LeafEvent } from '../../backends/backend';
import { UserError } from '../../domain/failure';
import { greedy } from '../../domain/run';
import { type Check, failed, type Patient, passed, told } from './check';

const prompt = 'A bank has to decide on a loan. The applicant is thirty years old and earns 4,500 a month. ';
const endings = ['The loan should be', 'After all, the answer is', 'Because the income is stable, the bank', 'No'];
const options = [' granted', ' refused'];
const writtenTokens = 24;

async function eventsOf(backend: Backend, job: Job, signal: AbortSignal): Promise<readonly LeafEvent[]> {
  const events: LeafEvent[] = [];
  for await (const event of backend.run(job, signal)) events.push(event);
  return events;
}

const encoded = ({ text, settle }: Patient, words: string): Promise<readonly number[]> =>
  settle(() => text.encode(words).ids);

const written = (key: string, ids: readonly number[], maxTokens: number): Leaf => ({
  key,
  ids,
  readout: { kind: 'continued', maxTokens, stopTexts: [] },
  sampling: greedy,
  streams: [key],
});

/** Begins otherwise than all other jobs, so that nothing that they share is held from before. */
async function forget(patient: Patient): Promise<void> {
  const ids = await encoded(patient, 'Something else: numbers, names and places.');
  await eventsOf(patient.backend, { prompt: [], leaves: [written('forget', ids, 1)] }, patient.signal);
}

async function idsWritten(patient: Patient, job: Job): Promise<{ readonly count: number; readonly exactly: string }> {
  const events = await eventsOf(patient.backend, job, patient.signal);
  const last = events.find((event) => event.type === 'continued');
  if (!last) throw new UserError('The model wrote nothing and did not say why.');
  return { count: last.ids.length, exactly: `${last.ids.join()} ${last.text}` };
}

export const greedyRepeats: Check = {
  id: 'greedy, twice',
  examine: async (patient) => {
    const ids = await encoded(patient, prompt + endings[0]);
    const job: Job = { prompt: [], leaves: [written('greedy', ids, writtenTokens)] };
    const first = await idsWritten(patient, job);
    await forget(patient);
    const again = await idsWritten(patient, job);
    if (again.exactly === first.exactly) return passed(`the same ${first.count} tokens, evaluated anew`);
    return failed(
      'The same prompt was continued otherwise the second time, at temperature 0: the noise of runs will show it.',
    );
  },
};

/** Natural-log probabilities. Beyond the first, an exact model is not one; beyond the second, something is broken. */
const exactTolerance = 1e-3;
const brokenTolerance = 1;

export const togetherAlone: Check = {
  id: 'together, alone',
  examine: async (patient) => {
    const { backend, signal } = patient;
    if (!backend.capabilities.forced) return told('answers cannot be scored there, only written');
    const { shared, leaves } = await scoredLeaves(patient);
    await forget(patient);
    const together = scoresOf(await eventsOf(backend, { prompt: shared, leaves }, signal));
    let gap = 0;
    for (const leaf of leaves) {
      await forget(patient);
      const whole = { ...leaf, ids: [...shared, ...leaf.ids] };
      const alone = scoresOf(await eventsOf(backend, { prompt: [], leaves: [whole] }, signal)).get(leaf.key);
      const beside = together.get(leaf.key);
      if (!alone || !beside) return told('answers are chosen there, and not scored: there are no numbers to compare');
      gap = Math.max(gap, ...alone.map((one, at) => Math.abs(one - (beside[at] ?? Number.NaN))));
    }
    return judged(gap, backend.capabilities.exact);
  },
};

async function scoredLeaves(
  patient: Patient,
): Promise<{ readonly shared: readonly number[]; readonly leaves: readonly Leaf[] }> {
  const { text, settle } = patient;
  const shared = await encoded(patient, prompt.trimEnd());
  const leaves = endings.map((ending) =>
    settle((): Leaf => {
      const { ids } = text.encodeAfter(shared, ` ${ending}`);
      const before = [...shared, ...ids];
      const scored = options.map((option) => ({ option, ids: text.encodeAfter(before, option).ids }));
      return { key: ending, ids, readout: { kind: 'forced', options: scored }, sampling: greedy, streams: [ending] };
    }),
  );
  return { shared, leaves: await Promise.all(leaves) };
}

const scoresOf = (events: readonly LeafEvent[]): ReadonlyMap<string, readonly number[]> =>
  new Map(events.flatMap((event) => (event.type === 'scored' ? [[event.leaf, event.logProbs] as const] : [])));

function judged(gap: number, exact: boolean): ReturnType<typeof passed> {
  const says = `${endings.length} texts of one prefix, evaluated together and each from scratch: log-probabilities differ by ${gap === 0 ? 0 : gap.toExponential(1)} at most`;
  if (!(gap <= brokenTolerance) || (exact && gap > exactTolerance))
    return failed(
      `${says}. ${exact ? `More than ${exactTolerance}` : 'So much'} means that this export is not evaluated rightly here.`,
    );
  return exact ? passed(says) : told(`${says}; near ties may fall either way`);
}

export const evaluation: Check = {
  id: 'evaluation',
  examine: async ({ backend: { model, capabilities } }) => {
    const { contextTokens } = capabilities;
    const context = contextTokens < Number.MAX_SAFE_INTEGER ? `${contextTokens} tokens of context` : 'context not told';
    return told(
      `${model.runtime}; ${model.layout} layout, ${model.precision}; ${context}; ${reuseOf(model, capabilities)}`,
    );
  },
};

function reuseOf({ layout, precision }: Backend['model'], { exact }: Backend['capabilities']): string {
  if (layout === 'served') return 'prefixes are re-used as the server does it, so nothing is promised to be exact';
  if (exact) return 'prefixes are re-used, because this precision gives the same however a text is divided';
  if (precision.includes('not re-used')) return 'each text is slower, and not exact beside others';
  return 'prefixes are re-used, and halves round so coarsely that the last digits depend on what is evaluated together';
}

const readTokens = 256;

export const speed: Check = {
  id: 'speed',
  examine: async (patient) => {
    const { backend, signal } = patient;
    const some = await encoded(patient, prompt);
    const count = Math.min(readTokens, Math.floor(backend.capabilities.contextTokens / 2));
    const ids = Array.from({ length: count }, (_, at) => some[at % some.length] ?? 0);
    const timed = async (maxTokens: number): Promise<{ readonly ms: number; readonly tokens: number }> => {
      await forget(patient);
      const startedMs = performance.now();
      const events = await eventsOf(backend, { prompt: [], leaves: [written('speed', ids, maxTokens)] }, signal);
      const last = events.find((event) => event.type === 'continued');
      return { ms: performance.now() - startedMs, tokens: last?.ids.length ?? 0 };
    };
    const reading = await timed(1);
    const whole = await timed(1 + writtenTokens);
    const reads = `reads ${rate(count, reading.ms)} tokens per second`;
    const more = whole.tokens - reading.tokens;
    if (more < 4 || whole.ms <= reading.ms) return told(`${reads}; it ended too soon to measure its writing`);
    return told(`${reads}, writes ${rate(more, whole.ms - reading.ms)}, with the machine as busy as it is now`);
  },
};

const rate = (tokens: number, ms: number): string =>
  Number(((1000 * tokens) / ms).toPrecision(2)).toLocaleString('en-US');
