// Owns the guess which field of a file holds what, by names and lengths. Pure; a person confirms or corrects it.
import type { FieldMapping, FieldSample } from '../../engine/domain/fieldMapping';

export type MappingDraft = { readonly [P in keyof FieldMapping]?: string };

/** What a field can be pointed at for. */
export type Part = Exclude<keyof FieldMapping, 'open' | 'close' | 'correct' | 'hint' | 'verbalized'>;

const names: Readonly<Record<Part, RegExp>> = {
  prompt: /prompt|question|query|problem|input|instruction|task|messages|frage|user/i,
  reasoning: /reason|think|thought|cot|chain|rationale|scratch|analysis|trace|explanation/i,
  answer: /answer|response|reply|output|completion|final|verdict|decision|prediction|content/i,
  system: /system/i,
  model: /model|engine|author/i,
  label: /label|group|category|level|class|type|condition|correct/i,
};

const holdsText = ({ kind }: FieldSample): boolean => kind === 'text' || kind === 'texts';

/** The likeliest first: those whose own name says so, then by length, long ones first for what is long. */
export function rankFields(fields: readonly FieldSample[], part: Part): readonly FieldSample[] {
  const isLong = part === 'reasoning' || part === 'prompt';
  const score = (field: FieldSample): number => {
    const named = names[part].test(lastName(field.path)) ? 2 : names[part].test(field.path) ? 1 : 0;
    const fits =
      part === 'prompt'
        ? holdsText(field) || field.kind === 'messages'
        : part === 'reasoning'
          ? holdsText(field)
          : true;
    return (fits ? 10 : 0) + 3 * named + (isLong ? Math.min(2, field.meanChars / 1000) : 0);
  };
  return [...fields].sort((a, b) => score(b) - score(a));
}

const lastName = (path: string): string =>
  path
    .split('.')
    .filter((name) => !/^\d+$/.test(name))
    .at(-1) ?? path;

/** Only what a name speaks for, each field once; the longest remaining text is the reasoning, if none is named so. */
export function guessMapping(fields: readonly FieldSample[]): MappingDraft {
  const taken = new Set<string>();
  const take = (part: Part, fits: (field: FieldSample) => boolean): MappingDraft => {
    const found = rankFields(fields, part).find((field) => !taken.has(field.path) && fits(field));
    if (found) taken.add(found.path);
    return found ? { [part]: found.path } : {};
  };
  const isNamed = (part: Part) => (field: FieldSample) => names[part].test(field.path);
  const reasoning = take('reasoning', (field) => holdsText(field) && isNamed('reasoning')(field));
  const prompt = take('prompt', (field) => (holdsText(field) || field.kind === 'messages') && isNamed('prompt')(field));
  const answer = take('answer', isNamed('answer'));
  const system = take('system', (field) => field.kind === 'text' && isNamed('system')(field));
  const longest = [...fields].filter(holdsText).sort((a, b) => b.meanChars - a.meanChars)[0];
  const fallback = longest && !taken.has(longest.path) ? { reasoning: longest.path } : {};
  return { ...fallback, ...reasoning, ...prompt, ...answer, ...system };
}
