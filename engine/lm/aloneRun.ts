// Owns evaluating each text of a job alone, token after token: for graphs in which a token's result depends on what else is in its call.
// Nothing is shared but the call for the text before what is read, and drafts are not looked at.
import type { Branch } from './branches';
import { evaluateRows, type PlannedRow } from './chunks';
import type { RunContext, Task } from './jobRun';

export async function runAlone(tasks: readonly Task[], context: RunContext): Promise<void> {
  for (const task of tasks) {
    const branches = task.branches();
    const [first] = branches;
    if (first !== undefined) await evaluateBeginning(first, branches, context);
    if (task.writing === null) for (const branch of branches) await evaluateRest(branch, context);
    task.evaluated();
    while (!task.isDone()) await evaluateRest(task.branches()[0]!, context);
  }
}

/** All branches of a task have the same beginning: everything up to the first position that is read. */
async function evaluateBeginning(first: Branch, branches: readonly Branch[], context: RunContext): Promise<void> {
  const { forward, held } = context;
  held.set([]);
  forward.cache.rewind(0);
  const ids = first.ids.slice(0, first.readFrom + 1);
  const rows = ids.map((id, position): PlannedRow => {
    const isRead = position === first.readFrom;
    const readers = isRead ? branches.map((branch) => (logits: Float32Array) => branch.read(position, logits)) : [];
    return { id, position, visible: null, readers };
  });
  const limits = { ...context.limits, rows: rows.length };
  await evaluateRows(forward, rows, { ...context, limits });
}

/** What follows the beginning, one call a token. What a continuation wrote stays in the cache from call to call. */
async function evaluateRest(branch: Branch, context: RunContext): Promise<void> {
  const { cache } = context.forward;
  cache.rewind(Math.min(cache.length, branch.readFrom + 1));
  for (let position = cache.length; position < branch.ids.length; position++) {
    const readers = [(logits: Float32Array) => branch.read(position, logits)];
    const row: PlannedRow = { id: branch.ids[position]!, position, visible: null, readers };
    await evaluateRows(context.forward, [row], context);
  }
}
