// Owns the control of any false alarm among m tests: Holm, "A simple sequentially rejective multiple test procedure",
// Scandinavian Journal of Statistics 6 (1979).

/** Adjusted p-values in the order given: each is at most alpha exactly when Holm's procedure rejects it at alpha. */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length).fill(1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, ps[index]! * (ps.length - rank)));
    adjusted[index] = largest;
  });
  return adjusted;
}
