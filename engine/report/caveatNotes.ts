// Owns the notes that caveats become: one per kind, a mark in the cells of each condition that has it.
import type { ConditionEffect } from '../domain/effect';
import type { Caveat, CaveatId } from '../domain/run';
import { type CaveatShare, caveatMessage } from '../measure/caveats';
import type { Note } from './table';

export type CaveatNote = Note & {
  readonly id: CaveatId;
  /** Whether conditions have it for different numbers of examples, which their marks then tell. */
  readonly counted: boolean;
};

/** In order of first appearance. */
export function caveatNotes(effects: readonly ConditionEffect[]): readonly CaveatNote[] {
  const found = new Map<CaveatId, { readonly first: Caveat; readonly shares: CaveatShare[] }>();
  for (const { caveats, n } of effects) {
    for (const caveat of caveats) {
      const entry = found.get(caveat.id) ?? { first: caveat, shares: [] };
      entry.shares.push({ count: caveat.count, total: caveat.of ?? n });
      found.set(caveat.id, entry);
    }
  }
  return [...found.values()].map(({ first, shares }, index) => {
    const counted = new Set(shares.map(({ count }) => count)).size > 1;
    const text = counted ? caveatMessage(first.id, shares) : first.message;
    return { id: first.id, mark: markOf(index), text, counted };
  });
}

/** `a b3`: the marks of a condition's caveats, with counts where they differ between conditions. */
export function marksOf({ caveats }: ConditionEffect, notes: readonly CaveatNote[]): string {
  const marks = notes.flatMap(({ id, mark, counted }) => {
    const own = caveats.find((caveat) => caveat.id === id);
    return own ? [`${mark}${counted ? own.count : ''}`] : [];
  });
  return marks.join(' ');
}

/** a, b, … z, aa, ab, … */
function markOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : markOf(Math.floor(index / 26) - 1) + letter;
}
