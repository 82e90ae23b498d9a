// Owns the tree of shared prefixes of token sequences, and the order in which it is evaluated: parents first, the longest path before all
// others (so that it stands in consecutive slots and needs no mask). Pure. Must not know leaves, readouts or the network.

/** A run of ids that no sequence leaves in the middle. Its tokens take the slots from `slot` on. */
export type TokenNode = {
  readonly ids: readonly number[];
  /** Position of its first token in every sequence that runs through it. */
  readonly start: number;
  readonly parent: TokenNode | null;
  readonly slot: number;
};

export type TokenTree = {
  /** In order of evaluation, depth first; `slot` counts through them. */
  readonly nodes: readonly TokenNode[];
  /** Tokens of all nodes. */
  readonly size: number;
  /** The nodes of a sequence that the tree was made of, from the root. */
  readonly path: (sequence: readonly number[]) => readonly TokenNode[];
};

type Growing = {
  ids: readonly number[];
  start: number;
  slot: number;
  parent: Growing | null;
  /** Length of the longest sequence through here. */
  reach: number;
  children: Map<number, Growing>;
};

export function growTokenTree(sequences: readonly (readonly number[])[]): TokenTree {
  const root: Growing = { ids: [], start: 0, slot: 0, parent: null, reach: 0, children: new Map() };
  for (const sequence of sequences) insert(root, sequence);
  const nodes: Growing[] = [];
  const size = number(root, nodes, 0);
  return { nodes, size, path: (sequence) => follow(root, sequence) };
}

function insert(root: Growing, sequence: readonly number[]): void {
  let node = root;
  let at = 0;
  while (at < sequence.length) {
    const child = node.children.get(sequence[at]!);
    if (child === undefined) {
      const ids = sequence.slice(at);
      const parent = node === root ? null : node;
      node.children.set(ids[0]!, { ids, start: at, slot: 0, parent, reach: sequence.length, children: new Map() });
      return;
    }
    const shared = sharedLength(child.ids, sequence, at);
    if (shared < child.ids.length) split(child, shared);
    child.reach = Math.max(child.reach, sequence.length);
    at += shared;
    node = child;
  }
}

function sharedLength(ids: readonly number[], sequence: readonly number[], at: number): number {
  let length = 0;
  while (length < ids.length && ids[length] === sequence[at + length]) length += 1;
  return length;
}

/** The node keeps its first `length` ids; the rest becomes its only child. */
function split(node: Growing, length: number): void {
  const ids = node.ids.slice(length);
  const { reach, children } = node;
  const rest: Growing = { ids, start: node.start + length, slot: 0, parent: node, reach, children };
  for (const child of children.values()) child.parent = rest;
  node.ids = node.ids.slice(0, length);
  node.children = new Map([[ids[0]!, rest]]);
}

/** Gives slots in order of evaluation; returns the first free one. A stack of its own: a chain may have thousands of nodes. */
function number(root: Growing, nodes: Growing[], firstSlot: number): number {
  let slot = firstSlot;
  const stack = longestLast(root);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    node.slot = slot;
    slot += node.ids.length;
    nodes.push(node);
    stack.push(...longestLast(node));
  }
  return slot;
}

const longestLast = (node: Growing): Growing[] =>
  [...node.children.values()].reverse().sort((a, b) => a.reach - b.reach);

function follow(root: Growing, sequence: readonly number[]): readonly Growing[] {
  const path: Growing[] = [];
  let node: Growing | undefined = root;
  for (let at = 0; at < sequence.length; at += node.ids.length) {
    node = node.children.get(sequence[at]!);
    if (node === undefined) throw new Error('the sequence is not part of this tree');
    path.push(node);
  }
  return path;
}

/** What the token at this position of a path sees: its own slot and those of all tokens before it, adjacent ranges merged. */
export function visibleSlots(path: readonly TokenNode[], position: number): number[] {
  const ranges: number[] = [];
  for (const node of path) {
    const length = Math.min(node.ids.length, position + 1 - node.start);
    if (length <= 0) break;
    addRange(ranges, node.slot, node.slot + length);
  }
  return ranges;
}

export function addRange(ranges: number[], start: number, end: number): void {
  if (ranges[ranges.length - 1] === start) ranges[ranges.length - 1] = end;
  else ranges.push(start, end);
}

/** Slot of the token at this position of a path. */
export function slotAt(path: readonly TokenNode[], position: number): number {
  const node = path.find(({ start, ids }) => position >= start && position < start + ids.length);
  if (node === undefined) throw new Error(`the path has no position ${position}`);
  return node.slot + position - node.start;
}
