// Owns the mean height of a curve given by points: the trapezoid rule over the range that they cover. Must not know what they are of.

export type CurvePlace = { readonly at: number; readonly height: number };

/** Area under the points over their range, divided by it; a single place counts as it is; `null` without points. */
export function meanHeight(points: readonly CurvePlace[]): number | null {
  const sorted = merged(points);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return null;
  if (first === last) return first.height;
  let area = 0;
  for (const [index, point] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next) area += ((next.at - point.at) * (point.height + next.height)) / 2;
  }
  return area / (last.at - first.at);
}

/** By rising place; of several points at one place their mean. */
function merged(points: readonly CurvePlace[]): readonly CurvePlace[] {
  const byPlace = new Map<number, number[]>();
  for (const { at, height } of points) byPlace.set(at, [...(byPlace.get(at) ?? []), height]);
  return [...byPlace]
    .map(([at, heights]) => ({ at, height: heights.reduce((sum, one) => sum + one, 0) / heights.length }))
    .sort((a, b) => a.at - b.at);
}
