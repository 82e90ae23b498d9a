// Owns the control of the share of false alarms among m tests, for browsing: Benjamini and Hochberg, "Controlling the false
// discovery rate", Journal of the Royal Statistical Society B 57 (1995).

/** Adjusted p-values in the order given: each is at most q exactly when the procedure rejects it at q. */
export function benjaminiHochberg(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[b]! - ps[a]!);
  const adjusted = new Array<number>(ps.length).fill(1);
  let smallest = 1;
  order.forEach((index, rank) => {
    smallest = Math.min(smallest, (ps[index]! * ps.length) / (ps.length - rank));
    adjusted[index] = smallest;
  });
  return adjusted;
}
