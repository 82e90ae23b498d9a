// Owns evaluating a job branch after branch, the cache rewound to what a branch shares with the one before: for graphs that cannot hide
// slots from a row. Same results as engine/lm/treeRun, in more calls.
import type { Branch } from './branches';
import { evaluateRows, type PlannedRow } from './chunks';
import type { RunContext, Task } from './jobRun';
import { growTokenTree } from './tokenTree';

export async function runRewinding(tasks: readonly Task[], context: RunContext): Promise<void> {
  for (const task of neighborsTogether(tasks)) {
    for (const branch of task.branches()) await evaluateBranch(branch, context);
    task.evaluated();
    while (!task.isDone()) await evaluateBranch(task.branches()[0]!, context);
  }
}

/** Depth-first order, so that each branch shares as much as possible with the one before. */
function neighborsTogether(tasks: readonly Task[]): readonly Task[] {
  const first = tasks.map((task) => task.branches()[0]!.ids);
  const tree = growTokenTree(first);
  const slots = first.map((ids) => tree.path(ids).at(-1)!.slot);
  return tasks
    .map((task, index) => ({ task, slot: slots[index]! }))
    .sort((a, b) => a.slot - b.slot)
    .map(({ task }) => task);
}

async function evaluateBranch(branch: Branch, context: RunContext): Promise<void> {
  const kept = context.held.keep(branch.ids, branch.readFrom);
  context.forward.cache.rewind(kept);
  const rows = branch.ids.slice(kept).map((id, index): PlannedRow => {
    const position = kept + index;
    const readers = position < branch.readFrom ? [] : [(logits: Float32Array) => branch.read(position, logits)];
    return { id, position, visible: null, readers };
  });
  await evaluateRows(context.forward, rows, {
    ...context,
    spent: (count) => {
      context.spent(count);
      context.held.set(branch.ids.slice(0, context.forward.cache.length));
    },
  });
}
