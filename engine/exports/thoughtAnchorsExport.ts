// Owns writing items as a thought-anchors folder: a problem an example with its base solution and its chunks; each regenerated continuation
// is a rollout of the chunk in which its trace was cut.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stepsOf } from '../domain/steps';
import { bodyEnd, type Trace } from '../domain/trace';
import type { ExportFormat, ExportItem } from './export';

const tags = ['<think>', '</think>'] as const;

export const thoughtAnchorsExport: ExportFormat = {
  id: 'thought-anchors',
  title: 'Thought-anchors folder',
  about:
    'A folder: base solutions from the records, regenerated continuations as rollouts of the chunk where the trace was cut.',
  extension: null,
  async write({ items, out }) {
    const partial = `${out}.partial`;
    let count = 0;
    let problem = 0;
    let open: Problem | null = null;
    try {
      await mkdir(partial);
      for await (const item of items) {
        if (open?.item.example.id !== item.example.id) {
          if (open) await writeProblem(partial, open);
          open = { number: problem, item, rollouts: new Map() };
          problem += 1;
        }
        addRollout(open, item);
        count += 1;
      }
      if (open) await writeProblem(partial, open);
      await rename(partial, out);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
    return count;
  },
};

type Problem = {
  readonly number: number;
  readonly item: ExportItem;
  /** By the index of the chunk in which the trace was cut. */
  readonly rollouts: Map<number, unknown[]>;
};

/** The layout knows one pair of tags: the opening one ends the prompt, the closing one is part of the solution. */
function textsOf({ example }: ExportItem): { readonly prompt: string; readonly solution: string } {
  const asked = example.messages.map(({ content }) => content).join('\n\n');
  return { prompt: `${asked}\n${tags[0]}`, solution: solutionOf(example.trace) };
}

const solutionOf = ({ reasoning, answerText }: Trace): string => reasoning + tags[1] + answerText;

function chunksOf({ example: { trace } }: ExportItem): readonly string[] {
  return stepsOf(trace.reasoning).map(({ start, end }) => trace.reasoning.slice(start, end));
}

function addRollout({ item: base, rollouts }: Problem, item: ExportItem): void {
  const { outcome, trace, answer } = item;
  if (!outcome) return;
  const { reasoning } = base.example.trace;
  const at = outcome.cut?.offset ?? reasoning.length;
  const steps = stepsOf(reasoning);
  // What keeps the whole body is cut behind the last chunk.
  const cut = steps.findIndex(({ end }) => at < Math.min(end, bodyEnd(reasoning)));
  const index = Math.max(0, cut < 0 ? steps.length - 1 : cut);
  const step = steps[index];
  const rollout = {
    chunk_removed: step ? reasoning.slice(step.start, step.end) : '',
    prefix_without_chunk: outcome.kept,
    chunk_resampled: firstStep(outcome.result.text),
    rollout: outcome.result.text,
    full_cot: textsOf(base).prompt + solutionOf(trace),
    answer: answer ?? '',
    is_correct: answer === null ? null : answer === outcome.recorded,
    condition: outcome.condition.alias,
    sample: outcome.result.sample,
    run: outcome.run,
    manifest_sha256: outcome.manifestSha256,
  };
  rollouts.set(index, [...(rollouts.get(index) ?? []), rollout]);
}

function firstStep(text: string): string {
  const [first] = stepsOf(text);
  return first ? text.slice(first.start, first.end) : text;
}

async function writeProblem(root: string, problem: Problem): Promise<void> {
  const { example, outcome } = problem.item;
  const { prompt, solution } = textsOf(problem.item);
  const sampling = `temperature_${outcome?.temperature ?? 0}_top_p_${outcome?.topP ?? 1}`;
  const model = (example.model ?? outcome?.model ?? 'unknown').replace(/[^\w.-]+/g, '_');
  const stated = example.fields.is_correct;
  const isCorrect = typeof stated === 'boolean' ? stated : null;
  const group = isCorrect === false ? 'incorrect_base_solution' : 'correct_base_solution';
  const folder = path.join(root, model, sampling, group, `problem_${problem.number}`);
  const answer = outcome?.recorded ?? example.answer?.option ?? '';
  await writeJson(folder, 'problem.json', {
    problem: lastQuestion(problem.item),
    gt_answer: answer,
    ...example.fields,
  });
  const base = { prompt, solution, full_cot: prompt + solution, answer, is_correct: isCorrect, example: example.id };
  await writeJson(folder, 'base_solution.json', { ...base, messages: example.messages });
  const texts = { source_text: prompt + solution, solution_text: solution, chunks: chunksOf(problem.item) };
  await writeJson(folder, 'chunks.json', texts);
  for (const [index, rollouts] of problem.rollouts)
    await writeJson(path.join(folder, `chunk_${index}`), 'solutions.json', rollouts);
}

const lastQuestion = ({ example }: ExportItem): string =>
  example.messages.filter(({ role }) => role === 'user').at(-1)?.content ?? '';

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}
