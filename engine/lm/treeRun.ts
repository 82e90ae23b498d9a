// Owns evaluating a job as rows of one sequence over one cache: every shared token once, all branches in few calls, all continuations
// decoded together. For graphs that can hide slots from a row. Must not know sampling or stopping.
import type { Branch, LogitsReader, Writing } from './branches';
import { evaluateRows, type PlannedRow } from './chunks';
import { decodeTips, spareSteps, startTips } from './decoding';
import type { RunContext, Task } from './jobRun';
import { neighborGroups } from './neighborGroups';
import { addRange, growTokenTree, slotAt, type TokenTree } from './tokenTree';
import { expectedTokens, planWave } from './waves';

/** Evaluates tasks in rounds that fit into the slots; what did not finish goes on in the next round with what it wrote. */
export async function runTree(tasks: readonly Task[], context: RunContext): Promise<void> {
  let waiting = tasks.filter((task) => !task.isDone());
  while (waiting.length > 0) {
    const [group] = neighborGroups(waiting);
    const round = takeRound(group!, context.slotLimit);
    const evaluated = round.map((task) => ({ task, branches: task.branches() }));
    const branches = evaluated.flatMap((one) => one.branches);
    const tree = growTokenTree(branches.map(({ ids }) => ids));
    const writings = round.flatMap(({ writing }) => (writing === null ? [] : [writing]));
    const { rows, tokens } = planWave(writings, context.slotLimit - tree.size);
    context.forward.cache.expect(Math.min(context.slotLimit, tree.size + rows * (tokens + spareSteps)));
    await evaluateTree(tree, branches, context);
    for (const { task } of evaluated) task.evaluated();
    const unfinished = evaluated.flatMap(({ task, branches: [branch] }): { writing: Writing; branch: Branch }[] =>
      task.writing === null || task.isDone() ? [] : [{ writing: task.writing, branch: branch! }],
    );
    await decodeTips(startTips(unfinished, tree), tree.size, context);
    waiting = waiting.filter((task) => !task.isDone());
  }
}

/** All tasks when they fit; else as many neighbors of the tree as fit, at least one. */
function takeRound(tasks: readonly Task[], slotLimit: number): readonly Task[] {
  const sequences = (some: readonly Task[]) => some.flatMap((task) => task.branches().map(({ ids }) => ids));
  const expected = tasks.reduce((sum, task) => sum + expectedTokens(task), 0);
  const budget = slotLimit - Math.min(expected, Math.floor(slotLimit / 4));
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
