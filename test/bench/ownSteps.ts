// Owns the pieces of work that this engine is measured on, and the rows that compare it with itself.
import type { Job } from '../../engine/domain/job';
import type { MeasuredProcess } from './childProcess';
import { type Figures, type Step, sameIds } from './interleaved';
import type { OwnRequest } from './ownProcess';
import type { RowSpec } from './rows';
import {
  continuationJob,
  defaultRunJob,
  forgettingJob,
  forksJob,
  independentJobs,
  prefillJob,
  type Workload,
} from './workload';

export const longAnswer = 80;
/** Share of a long answer after which its draft is wrong. */
export const draftedShare = 0.85;
export const manySamples = 16;

/** Prompt, trace and closing text: what a plain re-run evaluates. */
export const wholeText = ({ prompt, trace, closing }: Workload): readonly number[] => [...prompt, ...trace, ...closing];

/** @param name put before each key */
export async function ownSteps(
  name: string,
  own: MeasuredProcess<OwnRequest>,
  workload: Workload,
): Promise<readonly Step[]> {
  const forget = forgettingJob(workload);
  const whole = wholeText(workload);
  const step = (key: string, before: readonly Job[], job: Job): Step => ({
    key: `${name}/${key}`,
    measure: () => own.ask({ before: [forget, ...before], jobs: [job] }),
  });
  const trunk = prefillJob([...workload.prompt, ...workload.trace], workload);
  const held = prefillJob(whole, workload);
  const long = continuationJob(whole, { maxTokens: longAnswer });
  const [answer = []] = (await own.ask({ before: [forget], jobs: [long] })).ids;
  const wrongFrom = Math.round(draftedShare * longAnswer);
  const wrong = answer.map((id, index) => (index === wrongFrom ? workload.prompt.find((one) => one !== id)! : id));
  const scoring = (cuts: number): Job => forksJob(workload, { cuts, answers: false });
  const edited = forksJob(workload, { cuts: 10, trace: workload.editedTrace, answers: false });
  return [
    step('prefill', [], held),
    step('plain', [], continuationJob(whole)),
    step('score 10', [trunk], scoring(10)),
    step('score 20', [trunk], scoring(20)),
    step('forks', [], forksJob(workload, { cuts: 10, answers: true })),
    step('one', [held], continuationJob(whole, { samples: 1 })),
    step('many', [held], continuationJob(whole, { samples: manySamples })),
    step('decode', [held], long),
    step('verify', [held], continuationJob(whole, { maxTokens: longAnswer, draft: answer })),
    step('tail', [held], continuationJob(whole, { maxTokens: longAnswer, draft: wrong })),
    step('live', [scoring(10)], edited),
    step('live from scratch', [], edited),
    step('default run', [], defaultRunJob(workload)),
  ];
}

/** The default run's leaves and samples, each evaluated from the first token by this engine. */
export function independentStep(name: string, own: MeasuredProcess<OwnRequest>, workload: Workload): Step {
  const forget = forgettingJob(workload);
  const jobs = independentJobs(defaultRunJob(workload)).flatMap((job) => [forget, job]);
  return { key: `${name}/independent`, measure: () => own.ask({ before: [], jobs }) };
}

/** The rows in which this engine is compared with itself, with the targets for a model. */
export function selfRows(
  name: string,
  label: string,
  targets: { readonly many: number; readonly verify: number },
): readonly RowSpec[] {
  const scoring = (cuts: number): RowSpec => ({
    work: `scoring two options at ${cuts} cuts in one call, over the prefill, per token (${label})`,
    ratio: (of: Figures) => perToken(of, `${name}/score ${cuts}`) / perToken(of, `${name}/prefill`),
    target: { atMost: 1.05 },
  });
  return [
    scoring(10),
    scoring(20),
    {
      work: `${manySamples} continuations of one prefix over one, tokens per CPU second (${label})`,
      ratio: (of) => (manySamples * of(`${name}/one`)) / of(`${name}/many`),
      target: { atLeast: targets.many },
    },
    {
      work: `an unchanged greedy continuation verified over decoded (${label})`,
      ratio: (of) => of(`${name}/decode`) / of(`${name}/verify`),
      target: { atLeast: targets.verify },
      condition: (samples) => sameIds(samples, `${name}/decode`, `${name}/verify`),
    },
    {
      work: `live re-score of 10 cuts after a one-word edit in the middle of the trace, over a full one (${label})`,
      ratio: (of) => of(`${name}/live`) / of(`${name}/live from scratch`),
      target: { atMost: 0.5 },
    },
  ];
}

const perToken = (of: Figures, key: string): number => of(key) / of(key, 'tokens');
