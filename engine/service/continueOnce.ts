// Owns having a model write one text, for what is made ready before an example is planned. Must not know what the text is for.
import type { Backend, Job } from '../backends/backend';
import type { Material } from '../domain/material';

export type Spent = { readonly tokensEvaluated: number; readonly tokensAsked: number };

export const nothingSpent: Spent = { tokensEvaluated: 0, tokensAsked: 0 };

/** A material, and what it cost. */
export type Made = { readonly material: Material; readonly spent: Spent };

export type Continued = { readonly text: string; readonly finish: 'stop' | 'length'; readonly spent: Spent };

/** The text of a job that has one leaf and one sample. */
export async function continueOnce(backend: Backend, job: Job, signal: AbortSignal): Promise<Continued> {
  let [text, spent] = ['', nothingSpent];
  let finish: Continued['finish'] = 'stop';
  for await (const event of backend.run(job, signal)) {
    if (event.type === 'continued') ({ text, finish } = event);
    if (event.type === 'spent') spent = { tokensEvaluated: event.tokensEvaluated, tokensAsked: event.tokensAsked };
  }
  return { text, finish, spent };
}
