// Owns evaluating many rows in calls of bounded length, so that cancelling works between them, and handing logits to their readers.
// Must not know trees or jobs.
import type { LogitsReader } from './branches';
import type { Forward, SlotRanges } from './forward';

export type PlannedRow = {
  readonly id: number;
  readonly position: number;
  /** `null`: everything before it and itself. */
  readonly visible: SlotRanges | null;
  readonly readers: readonly LogitsReader[];
};

export type CallLimits = {
  /** Rows of one call at most. */
  readonly rows: number;
  /** Rows of one call whose logits are wanted at most: logits are large. */
  readonly wanted: number;
};

export type Steering = {
  readonly limits: CallLimits;
  /** Called between calls. @throws CancelledError */
  readonly checkpoint: () => Promise<void>;
  /** Told of every row that was evaluated. */
  readonly spent: (rows: number) => void;
};

export async function evaluateRows(forward: Forward, rows: readonly PlannedRow[], steering: Steering): Promise<void> {
  for (let start = 0; start < rows.length; ) {
    const limits = { ...steering.limits, rows: evenShare(rows.length - start, steering.limits.rows) };
    const end = endOfCall(rows, start, { ...limits, causalOnly: forward.cache.length === 0 });
    await evaluateCall(forward, rows.slice(start, end));
    steering.spent(end - start);
    await steering.checkpoint();
    start = end;
  }
}

/** Calls of equal length: a short last one would read all weights for a few rows. */
const evenShare = (rows: number, limit: number): number => Math.ceil(rows / Math.ceil(rows / limit));

/** GroupQueryAttention numbers the rows of a call on an empty cache itself, whatever their positions: such a call has no branches. */
function endOfCall(
  rows: readonly PlannedRow[],
  start: number,
  limits: CallLimits & { readonly causalOnly: boolean },
): number {
  let wanted = 0;
  let end = start;
  while (end < rows.length && end - start < limits.rows) {
    if (rows[end]!.readers.length > 0) wanted += 1;
    if (wanted > limits.wanted || (limits.causalOnly && rows[end]!.visible !== null)) break;
    end += 1;
  }
  return end;
}

async function evaluateCall(forward: Forward, rows: readonly PlannedRow[]): Promise<void> {
  const first = forward.cache.length;
  const causal = rows.every(({ visible }) => visible === null);
  const wanted = rows.flatMap(({ readers }, index) => (readers.length > 0 ? [index] : []));
  const logits = await forward.evaluate({
    ids: rows.map(({ id }) => id),
    positions: rows.map(({ position }) => position),
    visible: causal ? null : rows.map(({ visible }, index) => visible ?? [0, first + index + 1]),
    wanted,
  });
  const size = forward.vocabSize;
  wanted.forEach((row, index) => {
    const own = logits.subarray(index * size, (index + 1) * size);
    for (const read of rows[row]!.readers) read(own);
  });
}
