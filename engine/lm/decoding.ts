// Owns decoding continuations together, token by token, behind an evaluated tree. Continuations that wrote the same so far are one row.
// Must not know how a token is drawn or when a continuation ends.
import type { Branch, LogitsReader, Writing } from './branches';
import { evaluateRows, type PlannedRow } from './chunks';
import type { RunContext } from './jobRun';
import { addRange, slotAt, type TokenTree, visibleSlots } from './tokenTree';
import { planWave } from './waves';

/** The next token of all continuations that have written the same so far, and what it sees besides itself. */
export type Tip = {
  readonly id: number;
  readonly position: number;
  readonly visible: readonly number[];
  readonly writings: Writing[];
};

/** Steps for which the cache is enlarged at a time. */
export const spareSteps = 8;

export type Unfinished = { readonly writing: Writing; readonly branch: Branch };

/** What continues the branches of a tree. Continuations of one slot that drew the same token go on as one. */
export function startTips(unfinished: readonly Unfinished[], tree: TokenTree): readonly Tip[] {
  const tips = new Map<string, Tip>();
  for (const { writing, branch } of unfinished) {
    const { base, continuation } = writing;
    const id = continuation.ids.at(-1)!;
    const position = base.length + continuation.ids.length - 1;
    const path = tree.path(branch.ids);
    const key = `${slotAt(path, position - 1)} ${id}`;
    const same = tips.get(key);
    if (same === undefined)
      tips.set(key, { id, position, visible: visibleSlots(path, position - 1), writings: [writing] });
    else same.writings.push(writing);
  }
  return [...tips.values()];
}

/** Waves over the slots behind the tree; ends early when a wave runs out of slots. */
export async function decodeTips(tips: readonly Tip[], treeSize: number, context: RunContext): Promise<void> {
  const { forward, slotLimit } = context;
  const waiting = [...tips];
  const { rows, tokens } = planWave(
    tips.flatMap((tip) => tip.writings),
    slotLimit - treeSize,
  );
  while (waiting.length > 0) {
    forward.cache.rewind(treeSize);
    let live: readonly Tip[] = [];
    do {
      // Slots are only freed together: a wave that has filled its share takes no more.
      const isOpen = forward.cache.length - treeSize < rows * tokens;
      if (isOpen) live = [...live, ...takeTips(waiting, rows - live.length, 2 * rows - countWritings(live))];
      if (forward.cache.length + live.length > slotLimit) return;
      live = await decodeStep(live, context);
    } while (live.length > 0);
  }
}

const countWritings = (tips: readonly Tip[]): number => tips.reduce((sum, { writings }) => sum + writings.length, 0);

/** So many rows at most, of so many continuations: any of them may want a row of its own soon. */
function takeTips(waiting: Tip[], rows: number, writings: number): readonly Tip[] {
  const taken: Tip[] = [];
  let room = writings;
  while (waiting.length > 0 && taken.length < rows && room > 0) {
    const tip = waiting.shift()!;
    room -= tip.writings.length;
    taken.push(tip);
  }
  return taken;
}

async function decodeStep(live: readonly Tip[], context: RunContext): Promise<readonly Tip[]> {
  const { forward } = context;
  const first = forward.cache.length;
  const next: Tip[] = [];
  const rows = live.map((tip, index): PlannedRow => {
    const visible = [...tip.visible];
    addRange(visible, first + index, first + index + 1);
    const read: LogitsReader = (logits) => void next.push(...drawNext({ ...tip, visible }, logits, context));
    return { id: tip.id, position: tip.position, visible, readers: [read] };
  });
  forward.cache.reserve(rows.length, spareSteps * rows.length);
  await evaluateRows(forward, rows, context);
  return next;
}

/** Draws for each continuation of a tip; those that drew the same token stay together. */
function drawNext({ position, visible, writings }: Tip, logits: Float32Array, { wrote }: RunContext): readonly Tip[] {
  const tips = new Map<number, Tip>();
  for (const writing of writings) {
    const { id, text } = writing.continuation.draw(logits);
    wrote(writing, text);
    if (writing.continuation.finish !== null) continue;
    const same = tips.get(id);
    if (same === undefined) tips.set(id, { id, position: position + 1, visible, writings: [writing] });
    else same.writings.push(writing);
  }
  return [...tips.values()];
}
