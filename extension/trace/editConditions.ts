// Owns what a person's edit of one trace means for all of them: the conditions that it can be kept as, or why it cannot. Pure.
import type { PromptEditSpec, TraceEditSpec } from '../../engine/domain/condition';
import type { Example } from '../../engine/domain/example';
import { stepsOf } from '../../engine/domain/steps';
import { changesBetween, type Range } from '../../engine/domain/trace';
import type { EditedTrace } from './readBack';
import { reasoningLines } from './traceLayout';

/** The edits as conditions of a run; `how` says which way of keeping them it is. */
export type EditCondition = {
  readonly how: 'words' | 'step' | 'steps';
  readonly promptEdit: PromptEditSpec | null;
  readonly traceEdit: TraceEditSpec;
  /** What changes, for a person. */
  readonly change: string;
};

/** Why an edit is no condition. */
export type NoCondition = 'unchanged' | 'severalMessages' | 'severalSteps';

const whole = { unit: 'fraction', value: 1 } as const;
const frozen: TraceEditSpec = { id: 'frozen', keep: whole, close: 'closed' };

/** All ways of keeping the edit, the most general first. */
export function editConditions(example: Example, edited: EditedTrace): readonly EditCondition[] | NoCondition {
  const prompt = edited.messagesChanged ? promptChange(example, edited) : null;
  if (prompt === 'severalMessages') return prompt;
  const recorded = example.trace.reasoning;
  if (edited.firstChange === null) {
    if (!prompt) return 'unchanged';
    const { edit, change } = prompt;
    return [{ how: 'words', promptEdit: edit, traceEdit: frozen, change }];
  }
  const ways = traceChanges(recorded, edited.reasoning);
  if (ways.length === 0) return 'severalSteps';
  return ways.map((way) => ({
    ...way,
    promptEdit: prompt?.edit ?? null,
    change: [prompt?.change, way.change].filter((text) => text !== undefined).join('; '),
  }));
}

type PromptChange = { readonly edit: PromptEditSpec; readonly change: string };

function promptChange(example: Example, { messages }: EditedTrace): PromptChange | 'severalMessages' | null {
  const changed = messages.flatMap(({ content }, i) => {
    const was = example.messages[i]?.content ?? '';
    return was === content ? [] : [{ was, is: content }];
  });
  const [only] = changed;
  if (!only) return null;
  if (changed.length > 1) return 'severalMessages';
  const words = changedWords(only.was, only.is);
  return {
    edit: { id: 'replace', params: { find: words.was, with: words.is } },
    change: `“${words.was}” → “${words.is}”`,
  };
}

type TraceWay = Omit<EditCondition, 'promptEdit'>;

function traceChanges(was: string, is: string): readonly TraceWay[] {
  const dropped = droppedSteps(was, is);
  if (dropped) {
    const { first, last } = dropped;
    const params = first === last ? { step: first } : { step: first, through: last };
    const id = first === last ? 'drop' : 'drop-steps';
    const change = first === last ? `− ${first}` : `− ${first}–${last}`;
    return [{ how: 'steps', traceEdit: { id, keep: whole, close: 'closed', params }, change }];
  }
  const step = changedStep(was, is);
  if (!step) return [];
  const words = changedWords(was, is);
  const isOneStep = !/\n/.test(words.was) && !words.was.includes('=>');
  const byStep: TraceWay = {
    how: 'step',
    traceEdit: { id: 'replace-step', keep: whole, close: 'closed', params: { step: step.number, text: step.text } },
    change: `${step.number}: “${step.text}”`,
  };
  const byWords: TraceWay = {
    how: 'words',
    traceEdit: {
      id: 'replace-in-trace',
      keep: whole,
      close: 'closed',
      params: { change: `${words.was}=>${words.is}` },
    },
    change: `“${words.was}” → “${words.is}”`,
  };
  return isOneStep ? [byWords, byStep] : [byStep];
}

const cores = (text: string): readonly string[] => reasoningLines(text).map(({ start, end }) => text.slice(start, end));

/** Neighboring steps that are gone while all others stayed, counted from 1. */
function droppedSteps(was: string, is: string): { readonly first: number; readonly last: number } | null {
  const [before, after] = [cores(was), cores(is)];
  const gone = before.length - after.length;
  if (gone < 1) return null;
  let same = 0;
  while (same < after.length && before[same] === after[same]) same += 1;
  const isRest = after.slice(same).every((text, i) => text === before[same + gone + i]);
  return isRest ? { first: same + 1, last: same + gone } : null;
}

/** The one step whose words changed, with all that stands in its place now. */
function changedStep(was: string, is: string): { readonly number: number; readonly text: string } | null {
  const [change] = changesBetween(was, is);
  if (!change) return null;
  const steps = stepsOf(was);
  const core = reasoningLines(was);
  const at = core.findIndex(({ start, end }) => change.range.start >= start && change.range.end <= end);
  const range = core[at];
  if (!range || !steps[at]) return null;
  const text = was.slice(range.start, change.range.start) + change.is + was.slice(change.range.end, range.end);
  return text.trim() === '' ? null : { number: at + 1, text: text.trim() };
}

/** What changed, in whole words; an insertion takes the word beside it along, so that there is something to find. */
export function changedWords(was: string, is: string): { readonly was: string; readonly is: string } {
  const [change] = changesBetween(was, is);
  if (!change) return { was: '', is: '' };
  const { start, end } = widened(was, change.range);
  return {
    was: was.slice(start, end),
    is: was.slice(start, change.range.start) + change.is + was.slice(change.range.end, end),
  };
}

const isWordSign = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{M}\p{N}_$%€£'’-]/u.test(sign);

function widened(text: string, { start, end }: Range): Range {
  let [from, to] = [start, end];
  if (from === to && !isWordSign(text[to]) && !isWordSign(text[from - 1])) {
    while (from > 0 && !isWordSign(text[from - 1])) from -= 1;
  }
  while (from > 0 && isWordSign(text[from - 1])) from -= 1;
  while (to < text.length && isWordSign(text[to])) to += 1;
  return { start: from, end: to };
}
