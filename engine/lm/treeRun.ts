// Owns evaluating a job as rows of one sequence over one cache: every shared token once, all branches in few calls, all continuations
// decoded together. For graphs that can hide slots from a row. Must not know sampling or stopping.
import type { Branch, LogitsReader, Writing } from './branches';
import { evaluateRows, type PlannedRow } from './chunks';
import type { RunContext, Task } from './jobRun';
import { addRange, growTokenTree, slotAt, type TokenTree, visibleSlots } from './tokenTree';

/** Continuations decoded together: a row's attention passes over the slots of all others, so larger waves cost more than they save. */
const waveRows = 16;

/** Tokens that a continuation is expected to write, when room is planned. */
const expectedTokens = 64;

/** Tokens that a wave writes before no more continuations join it: their slots are only freed together. */
const waveTokens = waveRows * expectedTokens;

/** Steps for which the cache is enlarged at a time. */
const spareSteps = 8;

/** Evaluates tasks in rounds that fit into the slots; what did not finish goes on in the next round with what it wrote. */
export async function runTree(tasks: readonly Task[], context: RunContext): Promise<void> {
  let waiting = tasks.filter((task) => !task.isDone());
  while (waiting.length > 0) {
    const round = takeRound(waiting, context.slotLimit);
    const evaluated = round.map((task) => ({ task, branches: task.branches() }));
    const tree = growTokenTree(evaluated.flatMap(({ branches }) => branches.map(({ ids }) => ids)));
    await evaluateTree(
      tree,
      evaluated.flatMap(({ branches }) => branches),
      context,
    );
    for (const { task } of evaluated) task.evaluated();
    const streams = evaluated.flatMap(({ task, branches }) =>
      task.writing === null || task.isDone() ? [] : [streamOf(task.writing, branches[0]!, tree)],
    );
    await decode(streams, tree.size, context);
    waiting = waiting.filter((task) => !task.isDone());
  }
}

/** All tasks when they fit; else as many neighbors of the tree as fit, at least one. */
function takeRound(tasks: readonly Task[], slotLimit: number): readonly Task[] {
  const sequences = (some: readonly Task[]) => some.flatMap((task) => task.branches().map(({ ids }) => ids));
  const writings = tasks.filter(({ writing }) => writing !== null).length;
  const budget = slotLimit - Math.min(expectedTokens * Math.min(writings, waveRows), Math.floor(slotLimit / 4));
  const whole = growTokenTree(sequences(tasks));
  if (whole.size <= budget) return tasks;
  const lastSlot = (task: Task): number => whole.path(task.branches()[0]!.ids).at(-1)!.slot;
  const ordered = [...tasks].sort((a, b) => lastSlot(a) - lastSlot(b));
  let count = 1;
  while (count < ordered.length && growTokenTree(sequences(ordered.slice(0, count + 1))).size <= budget) count += 1;
  return ordered.slice(0, count);
}

async function evaluateTree(tree: TokenTree, branches: readonly Branch[], context: RunContext): Promise<void> {
  const rows = rowsOf(tree, readersBySlot(tree, branches));
  const trunk = rows.findIndex(({ visible }) => visible !== null);
  const trunkIds = rows.slice(0, trunk < 0 ? rows.length : trunk).map(({ id }) => id);
  const kept = context.held.keep(
    trunkIds,
    rows.findIndex(({ readers }) => readers.length > 0),
  );
  context.forward.cache.rewind(kept);
  context.forward.cache.tighten(rows.length - kept);
  context.forward.cache.reserve(rows.length - kept);
  await evaluateRows(context.forward, rows.slice(kept), {
    ...context,
    spent: (count) => {
      context.spent(count);
      context.held.set(trunkIds.slice(0, context.forward.cache.length));
    },
  });
}

function readersBySlot(tree: TokenTree, branches: readonly Branch[]): ReadonlyMap<number, readonly LogitsReader[]> {
  const readers = new Map<number, LogitsReader[]>();
  for (const branch of branches) {
    const path = tree.path(branch.ids);
    for (let position = branch.readFrom; position < branch.ids.length; position++) {
      const slot = slotAt(path, position);
      const list = readers.get(slot) ?? [];
      list.push((logits) => branch.read(position, logits));
      readers.set(slot, list);
    }
  }
  return readers;
}

function rowsOf(tree: TokenTree, readers: ReadonlyMap<number, readonly LogitsReader[]>): readonly PlannedRow[] {
  const before = new Map<TokenTree['nodes'][number] | null, readonly number[]>([[null, []]]);
  return tree.nodes.flatMap((node) => {
    const ranges = before.get(node.parent)!;
    const through = [...ranges];
    addRange(through, node.slot, node.slot + node.ids.length);
    before.set(node, through);
    const isTrunk = through.length === 2;
    return node.ids.map((id, index): PlannedRow => {
      const visible = [...ranges];
      addRange(visible, node.slot, node.slot + index + 1);
      const slot = node.slot + index;
      return { id, position: node.start + index, visible: isTrunk ? null : visible, readers: readers.get(slot) ?? [] };
    });
  });
}

/** A continuation and the slots that its next token sees. */
type Stream = { readonly writing: Writing; readonly visible: number[] };

function streamOf(writing: Writing, branch: Branch, tree: TokenTree): Stream {
  const lastEvaluated = writing.base.length + writing.continuation.ids.length - 2;
  return { writing, visible: visibleSlots(tree.path(branch.ids), lastEvaluated) };
}

/** Waves over the slots behind the tree; ends early when a wave runs out of slots. */
async function decode(streams: readonly Stream[], treeSize: number, context: RunContext): Promise<void> {
  const { forward, slotLimit } = context;
  const waiting = [...streams];
  const together = Math.max(1, Math.min(waveRows, Math.floor((slotLimit - treeSize) / expectedTokens)));
  while (waiting.length > 0) {
    forward.cache.rewind(treeSize);
    let live: Stream[] = [];
    do {
      const joins = forward.cache.length - treeSize < waveTokens ? together - live.length : 0;
      live.push(...waiting.splice(0, joins));
      if (forward.cache.length + live.length > slotLimit) return;
      await decodeStep(live, context);
      live = live.filter(({ writing }) => writing.continuation.finish === null);
    } while (live.length > 0);
  }
}

async function decodeStep(live: readonly Stream[], context: RunContext): Promise<void> {
  const { forward } = context;
  const first = forward.cache.length;
  const rows = live.map(({ writing, visible }, index): PlannedRow => {
    const { continuation, base } = writing;
    addRange(visible, first + index, first + index + 1);
    const id = continuation.ids.at(-1)!;
    const readers = [(logits: Float32Array) => context.wrote(writing, continuation.draw(logits).text)];
    return { id, position: base.length + continuation.ids.length - 1, visible, readers };
  });
  forward.cache.reserve(rows.length, spareSteps * rows.length);
  await evaluateRows(forward, rows, context);
}
