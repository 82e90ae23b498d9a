// Owns `counterthought run --preview`: every change that a run would make, in words, before it is made.
import type { RunSpec } from '../domain/run';
import { previewRun } from '../service/preview';
import { previewLines } from '../service/previewLines';
import { type Command, type CommandInput, print, printJson } from './command';

export const previewOptions = {
  preview: {
    type: 'boolean',
    help: 'run nothing: count what the edits change, and show the first examples edited and cut',
  },
} satisfies Command['options'];

export async function printPreview(spec: RunSpec, { values, signal }: CommandInput): Promise<0 | 1> {
  const preview = await previewRun(spec, signal);
  if (values.json === true) printJson(preview);
  else for (const line of previewLines(preview)) print(line);
  return preview.examples.length > 0 ? 0 : 1;
}
