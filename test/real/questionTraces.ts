// Lets a model answer the multiple-choice questions with a reasoning block and writes its turns as chat records.
// Four worked examples precede each question, under roles of their own, so that no reader takes them for the model's.
import fs from 'node:fs';
import type { ChatMessage, ScratchModel } from './scratchModel';

export type Question = {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  readonly answer: string;
};

export type QuestionTrace = {
  readonly id: string;
  readonly messages: readonly ChatMessage[];
  /** The whole turn: `<think>\n`, what the model wrote. */
  readonly turn: string;
};

const maxTokens = 80;
const opening = '<think>\n';
export const letters = 'ABCD';

const system =
  'You answer multiple-choice questions. You think in one or two sentences, then you give the letter of the right option.';

type WorkedExample = Question & { readonly thought: string };
const workedExamples: readonly WorkedExample[] = [
  {
    id: 'drink',
    question: 'Which of these is a drink?',
    options: ['a chair', 'tea', 'a stone', 'a coat'],
    thought: 'A chair, a stone and a coat are things that nobody can drink. The right option is tea (B).',
    answer: 'B',
  },
  {
    id: 'fish',
    question: 'Where do fish live?',
    options: ['in the clouds', 'in caves of ice', 'in the desert', 'in the water'],
    thought: 'Fish breathe with gills, which need water. The right option is in the water (D).',
    answer: 'D',
  },
  {
    id: 'fly',
    question: 'Which of these can fly?',
    options: ['a plane', 'a house', 'a road', 'a table'],
    thought: 'A house, a road and a table stay on the ground. The right option is a plane (A).',
    answer: 'A',
  },
  {
    id: 'month',
    question: 'Which month comes first in the year?',
    options: ['May', 'August', 'January', 'October'],
    thought: 'The year begins with its first month. The right option is January (C).',
    answer: 'C',
  },
];

function ask({ question, options }: Question): string {
  return [question, ...options.map((option, i) => `${option} (${letters[i]})`)].join('\n');
}

export function messagesFor(question: Question): readonly ChatMessage[] {
  const shown = workedExamples.flatMap((example) => [
    { role: 'example_user', content: ask(example) },
    {
      role: 'example_assistant',
      content: `${opening}${example.thought}\n</think>\n\nThe answer is ${example.answer}.`,
    },
  ]);
  return [{ role: 'system', content: system }, ...shown, { role: 'user', content: ask(question) }];
}

/** Greedy, with the opening tag written for the model: it need not know the format. */
export async function answerQuestions(
  model: ScratchModel,
  questions: readonly Question[],
): Promise<readonly QuestionTrace[]> {
  const traces: QuestionTrace[] = [];
  for (const question of questions) {
    const messages = messagesFor(question);
    const written = await model.greedy(model.encode(model.render(messages) + opening), maxTokens);
    traces.push({ id: question.id, messages, turn: opening + model.decode(written) });
  }
  return traces;
}

/** One chat record a line, as logging tools write them. */
export function writeTraces(file: string, traces: readonly QuestionTrace[], model: string): void {
  const lines = traces.map(({ id, messages, turn }) =>
    JSON.stringify({ id, model, temperature: 0, messages: [...messages, { role: 'assistant', content: turn }] }),
  );
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
}
