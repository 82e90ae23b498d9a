// Owns the order of a job's leaves: those that share a long prefix stand together, and one of them goes first, so that the server has
// their prefix in its cache when the others come. Pure.
import type { Leaf } from '../../domain/job';

/** Leaves share a prefix worth waiting for when it is at least this part of the shorter one. */
const sharedPart = 0.5;

/** Groups of leaves, longest shared prefixes side by side. */
export function prefixGroups(leaves: readonly Leaf[]): readonly (readonly Leaf[])[] {
  const sorted = [...leaves].sort((a, b) => compareIds(a.ids, b.ids));
  const groups: Leaf[][] = [];
  for (const leaf of sorted) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const isNear =
      before && sharedLength(before.ids, leaf.ids) >= sharedPart * Math.min(before.ids.length, leaf.ids.length);
    if (group && isNear) group.push(leaf);
    else groups.push([leaf]);
  }
  return groups;
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
