// Owns which tasks are evaluated at once: all, unless their texts part early and so much follows that looking past each other's slots
// costs more than the calls that are saved. Pure; must not know the network.
import type { Task } from './jobRun';
import { growTokenTree, type TokenTree } from './tokenTree';
import { expectedTokens, slotsPerCall, waveRows } from './waves';

/** `slots`: of tokens that no other group has. `tokens`: that its continuations are expected to write. */
type Group = {
  readonly tasks: readonly Task[];
  readonly slots: number;
  readonly streams: number;
  readonly tokens: number;
};

/** Neighbors in the tree of their texts, in its order. */
export function neighborGroups(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const texts = tasks.map((task) => task.branches()[0]!.ids);
  const tree = growTokenTree(texts);
  const { shared, branches } = firstFork(tree);
  const groups: Group[] = [];
  for (const slot of branches) {
    const chosen = tasks.filter((_, index) => branchOf(texts[index]!, tree, branches) === slot);
    const next = groupOf(chosen, shared);
    const last = groups.at(-1);
    if (last !== undefined && callsSaved(last, next) * slotsPerCall >= slotsWasted(last, next))
      groups[groups.length - 1] = joined(last, next);
    else groups.push(next);
  }
  return groups.map((group) => group.tasks);
}

/** Tokens that all texts begin with, and the first slots of what follows: of one text where none parts from the others. */
function firstFork({ nodes }: TokenTree): { readonly shared: number; readonly branches: readonly number[] } {
  let parent: TokenTree['nodes'][number] | null = null;
  for (;;) {
    const children: TokenTree['nodes'] = nodes.filter((node) => node.parent === parent);
    const [only] = children;
    if (children.length !== 1 || only === undefined) {
      const shared = parent === null ? 0 : parent.start + parent.ids.length;
      return { shared, branches: children.length === 0 ? [0] : children.map(({ slot }) => slot) };
    }
    parent = only;
  }
}

/** A text that ends where others part goes with the first of them. */
function branchOf(text: readonly number[], tree: TokenTree, branches: readonly number[]): number {
  const own = tree.path(text).find(({ slot }) => branches.includes(slot));
  return own?.slot ?? branches[0]!;
}

function groupOf(tasks: readonly Task[], shared: number): Group {
  const tree = growTokenTree(tasks.flatMap((task) => task.branches().map(({ ids }) => ids)));
  const streams = tasks.filter(({ writing }) => writing !== null).length;
  const tokens = tasks.reduce((sum, task) => sum + expectedTokens(task), 0);
  return { tasks, slots: tree.size - shared, streams, tokens };
}

const joined = (one: Group, other: Group): Group => ({
  tasks: [...one.tasks, ...other.tasks],
  slots: one.slots + other.slots,
  streams: one.streams + other.streams,
  tokens: one.tokens + other.tokens,
});

/** The one behind the other: its rows pass over all slots of the first, and what the first writes passes over its own. */
const slotsWasted = (first: Group, second: Group): number =>
  first.slots * (second.slots + second.tokens) + second.slots * first.tokens;

/** One of the texts, and the steps that both take when they fit into one wave. */
function callsSaved(first: Group, second: Group): number {
  const { streams, tokens } = joined(first, second);
  if (streams === 0 || streams > waveRows(tokens / streams)) return 1;
  const steps = (group: Group): number => (group.streams === 0 ? 0 : group.tokens / group.streams);
  return 1 + Math.min(steps(first), steps(second));
}
