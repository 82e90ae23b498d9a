// Owns the two sides of a comparison as text documents of lines, for the editor's own diff: prompt by message, the turn a step a line. Pure.
import type { Comparison } from '../../engine/domain/comparison';
import type { Message } from '../../engine/domain/example';
import { originalRest, regeneratedRest } from '../../engine/domain/regeneratedText';
import { stepsOf } from '../../engine/domain/steps';

export const sides = ['original', 'regenerated'] as const;
export type Side = (typeof sides)[number];

/** @param sample of the regenerated side; the last one where there are fewer */
export function sideText(comparison: Comparison, side: Side, sample: number): string {
  const { example, cut, results, editedMessages } = comparison;
  if (side === 'original') return documentOf(example.messages, originalRest(example, 0));
  const result = results[Math.min(sample, results.length - 1)];
  return documentOf(editedMessages, result ? regeneratedRest(example, { cut, result }, 0) : '');
}

function documentOf(messages: readonly Message[], turn: string): string {
  const parts = messages.map(({ role, content }) => `${title(role)}\n${content}\n`);
  const steps = stepsOf(turn).map(({ start, end }) => turn.slice(start, end).trimEnd());
  return [...parts, `${title('turn')}\n${steps.join('\n').trimStart()}\n`].join('\n').replaceAll('\0', '␀');
}

const title = (words: string): string => `─── ${words.replace(/\s+/g, ' ')} ───`;
