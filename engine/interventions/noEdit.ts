// Owns the prompt edit that leaves the prompt as it is: the control of all others.
import type { PromptEdit } from './intervention';

export const noEdit: PromptEdit = {
  descriptor: {
    id: 'none',
    title: 'Prompt unchanged',
    question: 'What does the cut of the trace do by itself, with the prompt as it was?',
    params: [],
  },
  apply: (messages) => ({ messages, replacements: [] }),
  values: () => [],
  alias: () => 'none',
};
