// Owns writing items as evaluation rows of rl_loans: the prompt as Python prints a list of messages, the whole turn, the answer in it.
import type { ExportFormat, ExportItem } from './export';
import { writeJsonLines } from './jsonLines';
import { pythonRepr } from './pythonRepr';
import { wholeTurn } from './wholeTurn';

const tags = ['<reasoning>', '</reasoning>'] as const;

export const rlLoansExport: ExportFormat = {
  id: 'rl-loans',
  title: 'rl_loans rows',
  about:
    'prompt (as Python prints it), response, predicted, correct, is_correct, is_formatted; then the condition and ids.',
  extension: '.jsonl',
  write: (request) => writeJsonLines(request, rowOf),
};

/** `correct` is the record's own label where it has one; a run compares with the recorded answer instead. */
function rowOf({ example, messages, trace, answer, model, outcome }: ExportItem): Readonly<Record<string, unknown>> {
  const stated = example.fields.correct ?? null;
  const correct = typeof stated === 'string' ? stated : (outcome?.recorded ?? example.answer?.option ?? null);
  return {
    prompt: pythonRepr(messages.map(({ content, role }) => ({ content, role }))),
    response: wholeTurn(trace, tags),
    predicted: answer ?? '',
    correct,
    is_correct: answer !== null && answer === correct,
    is_formatted: answer !== null,
    model,
    example: example.id,
    ...(outcome
      ? {
          run: outcome.run,
          manifest_sha256: outcome.manifestSha256,
          condition: outcome.condition.alias,
          sample: outcome.result.sample,
        }
      : {}),
  };
}
