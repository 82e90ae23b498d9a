// Owns the knowledge of which ids the cache's first slots hold, so that the next job evaluates only what differs.
// Must not know the cache itself: whoever evaluates says what it wrote.

export type HeldPrefix = {
  /**
   * How many first slots can stay for a text that begins with these ids. At least one row is left to evaluate; with `readFrom` ≥ 0 the
   * row at that position too, because its logits are wanted.
   */
  readonly keep: (ids: readonly number[], readFrom: number) => number;
  /** The first slots now hold these ids and nothing is known of those behind them. */
  readonly set: (ids: readonly number[]) => void;
};

export function heldPrefix(): HeldPrefix {
  let held: readonly number[] = [];
  const keep = (ids: readonly number[], readFrom: number): number => {
    const most = Math.min(held.length, ids.length - 1, readFrom >= 0 ? readFrom : ids.length);
    let count = 0;
    while (count < most && held[count] === ids[count]) count += 1;
    held = held.slice(0, count);
    return count;
  };
  return {
    keep,
    set: (ids) => {
      held = ids;
    },
  };
}
