// Owns finding the stances that a trace states, by the world's phrases. Must not know tokens.
import { type Stance, type StanceKind, stances, stanceTemplates } from './loanWorld';

/** A stance in a text; `end` is the UTF-16 offset just after its stance word. */
export type WrittenStance = {
  readonly kind: StanceKind;
  readonly value: Stance;
  readonly start: number;
  readonly end: number;
};

export function findStances(text: string): readonly WrittenStance[] {
  return phrases
    .flatMap(({ pattern, kind, value }) =>
      [...text.matchAll(pattern)].map((match) => ({
        kind,
        value,
        start: match.index,
        end: match.index + match[0].length,
      })),
    )
    .sort((one, other) => one.end - other.end);
}

const phrases = Object.entries(stanceTemplates).flatMap(([kind, templates]) =>
  templates.flatMap((template) =>
    stances.map((value) => ({
      kind: kind as StanceKind,
      value,
      pattern: new RegExp(`${template.text.split('{stance}')[0]}${template[value]}(?!\\w)`, 'g'),
    })),
  ),
);
