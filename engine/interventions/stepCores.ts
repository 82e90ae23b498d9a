// Owns the steps of a trace as edits take them: their words without the white space around them, counted from either end.
// Must not know what is done to them.
import { stepsOf } from '../domain/steps';
import { bodyEnd, type Range } from '../domain/trace';

/** The words of each step; what lies between two of them is white space. */
export function stepCores(reasoning: string): readonly Range[] {
  return stepsOf(reasoning).map(({ start, end }) => {
    const text = reasoning.slice(start, end);
    return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length };
  });
}

/** Where the body begins: behind the white space of the opening tag's line. */
export const bodyStart = (reasoning: string): number =>
  Math.min(reasoning.length - reasoning.trimStart().length, bodyEnd(reasoning));

export type ChosenStep = { readonly index: number; readonly cores: readonly Range[]; readonly core: Range };

/** @param step from 1, or from -1 backward. @returns why there is no such step, in words */
export function chooseStep(reasoning: string, step: number): ChosenStep | string {
  const cores = stepCores(reasoning);
  const index = step < 0 ? cores.length + step : step - 1;
  const core = cores[index];
  const has = cores.length === 1 ? 'one step' : `${cores.length} steps`;
  return core ? { index, cores, core } : `its reasoning has ${has}, so there is no step ${step}`;
}

/** First words of a step, for a person. */
export function quoteStep(reasoning: string, { start, end }: Range): string {
  const text = reasoning.slice(start, end).replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `“${text.slice(0, 59).trimEnd()}…”` : `“${text}”`;
}
