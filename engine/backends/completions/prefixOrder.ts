// Owns the order of a job's leaves: one of those that share a long prefix goes ahead, so that the server has it in its cache when the others
// come. Pure.
import type { Job, Leaf } from '../../domain/job';

/** A leaf, and the place in the order of the one whose answer must have begun before; `null`: it need not wait. */
export type OrderedLeaf = { readonly leaf: Leaf; readonly after: number | null };

/** A prefix is worth waiting for when it is at least this part of a leaf's sequence. */
const worthPart = 0.5;
/** Who goes ahead must hold this part of the longest prefix that anybody ahead holds: waiting in a row for the rest is not worth it. */
const nearlyAll = 0.9;

/** Leaves that share the most stand side by side. */
export function prefixOrder({ prompt, leaves }: Job): readonly OrderedLeaf[] {
  const sorted = [...leaves].sort((a, b) => compareIds(a.ids, b.ids));
  const shared = (a: number, b: number): number =>
    prompt.length + sharedLength(sorted[a]?.ids ?? [], sorted[b]?.ids ?? []);
  return sorted.map((leaf, at) => {
    if (at === 0) return { leaf, after: null };
    // In this order nobody ahead shares more than the one just before.
    const longest = shared(at - 1, at);
    if (longest < worthPart * (prompt.length + leaf.ids.length)) return { leaf, after: null };
    const after = sorted.findIndex((_, other) => shared(other, at) >= nearlyAll * longest);
    return { leaf, after };
  });
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

function compareIds(a: readonly number[], b: readonly number[]): number {
  const at = sharedLength(a, b);
  return (a[at] ?? -1) - (b[at] ?? -1);
}
