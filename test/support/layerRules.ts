// Who may import whom: the table of ARCHITECTURE.md as data, and what breaks it. Knows nothing of the disk.

import type { ImportEdge } from './sourceGraph';

interface Layer {
  /** A folder with everything below it, or one file; of several that match a path, the longest holds. */
  readonly path: string;
  /** Layers that it may import besides itself. */
  readonly imports: readonly string[];
  /** Layers that it may import the types of. */
  readonly types?: readonly string[];
  /** Packages and `node:` (any built-in module) that it may import. */
  readonly packages?: readonly string[];
}

const pure = ['engine/domain'];
const engine = ['domain', 'wire', 'formats', 'answers', 'interventions', 'measure', 'report', 'text', 'lm', 'backends']
  .concat('hub', 'store', 'exports')
  .map((name) => `engine/${name}`);

export const layers: readonly Layer[] = [
  { path: 'engine/domain', imports: [] },
  { path: 'engine/wire', imports: pure },
  { path: 'engine/wire/processPort.ts', imports: [...pure, 'engine/wire'], packages: ['node:'] },
  { path: 'engine/formats', imports: pure, packages: ['node:', 'yauzl', 'fzstd', 'yaml', 'hyparquet', 'valibot'] },
  { path: 'engine/answers', imports: pure },
  { path: 'engine/interventions', imports: pure },
  { path: 'engine/measure', imports: pure },
  { path: 'engine/text', imports: pure, packages: ['@huggingface/tokenizers', '@huggingface/jinja'] },
  { path: 'engine/text/loadModelText.ts', imports: [...pure, 'engine/text'], packages: ['node:'] },
  { path: 'engine/report', imports: [...pure, 'engine/measure'], packages: ['diff'] },
  { path: 'engine/lm', imports: [...pure, 'engine/text'], packages: ['node:', 'onnxruntime-node'] },
  {
    path: 'engine/backends',
    imports: [...pure, 'engine/text', 'engine/lm'],
    packages: ['node:', 'valibot', 'eventsource-parser'],
  },
  { path: 'engine/hub', imports: pure, packages: ['node:', '@huggingface/hub'] },
  { path: 'engine/store', imports: pure, packages: ['node:', 'valibot'] },
  { path: 'engine/exports', imports: pure, packages: ['node:', 'hyparquet-writer'] },
  { path: 'engine/service', imports: engine, packages: ['node:', 'valibot'] },
  { path: 'engine/service/figurePdf.ts', imports: [...engine, 'engine/service'], packages: ['node:', 'pdfkit'] },
  { path: 'engine/cli', imports: [...engine, 'engine/service'], packages: ['node:', 'valibot'] },
  { path: 'samples', imports: [...engine, 'engine/service'], packages: ['node:'] },
  { path: 'webview/protocol.ts', imports: [...pure, 'engine/wire'] },
  { path: 'webview/views.ts', imports: [...pure, 'engine/wire'] },
  {
    path: 'webview',
    imports: [...pure, 'engine/wire', 'engine/report', 'webview/protocol.ts', 'webview/views.ts'],
    packages: ['lit', '@vscode/webview-ui-toolkit', 'diff'],
  },
  { path: 'extension/manifest', imports: [...pure, 'webview/views.ts'] },
  {
    path: 'extension',
    imports: [...pure, 'engine/wire', 'extension/manifest', 'webview/protocol.ts', 'webview/views.ts'],
    types: ['engine/service/contract.ts'],
    packages: ['node:', 'vscode', 'valibot'],
  },
  { path: 'engine/service/contract.ts', imports: engine },
];

/** The files that a bundle starts from; nothing imports them. */
export const entries: readonly string[] = [
  'engine/service/main.ts',
  'engine/cli/main.ts',
  'engine/lm/modelWorker.ts',
  'engine/backends/gguf/serverKeeper.ts',
  'extension/extension.ts',
  'extension/manifest/index.ts',
  'webview/main.ts',
  'samples/generate.ts',
];

/** One sentence for each import that the table does not allow. */
export function forbiddenImports(edges: readonly ImportEdge[]): string[] {
  return edges.filter((edge) => !isAllowed(edge)).map(({ from, to, kind }) => `${from} imports ${to} (${kind})`);
}

function isAllowed({ from, to, kind, internal }: ImportEdge): boolean {
  const layer = layerOf(from);
  if (!layer) return false;
  if (!internal) return (layer.packages ?? []).includes(to.startsWith('node:') ? 'node:' : to);
  const target = layerOf(to);
  if (!target) return false;
  if (target === layer || layer.imports.includes(target.path)) return true;
  if (kind === 'type' && layer.types?.includes(target.path)) return true;
  // A single file with a rule of its own still belongs to its folder.
  return (
    within(target.path, layer.path) ||
    layer.imports.some((allowed) => within(target.path, allowed)) ||
    within(layer.path, target.path)
  );
}

/** The layer of a file, the most specific one of the table; undefined when the table does not know it. */
export function layerOf(file: string): Layer | undefined {
  const matching = layers.filter((layer) => file === layer.path || within(file, layer.path));
  return matching.sort((a, b) => b.path.length - a.path.length)[0];
}

function within(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`);
}

/** Every cycle between folders (two levels deep), as `a -> b -> a`; files inside one folder may know each other. */
export function folderCycles(edges: readonly ImportEdge[]): string[] {
  const graph = new Map<string, Set<string>>();
  for (const { from, to, internal } of edges) {
    const [a, b] = [folderOf(from), folderOf(to)];
    if (!internal || a === b) continue;
    graph.set(a, (graph.get(a) ?? new Set()).add(b));
  }
  const cycles: string[] = [];
  for (const start of graph.keys()) {
    const back = pathBetween(graph, start, start);
    if (back && back.slice().sort()[0] === start) cycles.push([...back, start].join(' -> '));
  }
  return cycles;
}

function folderOf(file: string): string {
  // A process's entry puts its folders together, so it stands above them.
  if (entries.includes(file)) return file;
  const folder = file.split('/').slice(0, -1).slice(0, 2).join('/');
  // The page's two shared files are their own folders in the table: the extension may know them, and nothing else.
  return layers.some((layer) => layer.path === file) && !file.startsWith('engine/') ? file : folder;
}

/** The shortest way from one folder over at least one edge to another, breadth first. */
function pathBetween(
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  start: string,
  goal: string,
): string[] | undefined {
  const queue = [[start]];
  const seen = new Set<string>();
  for (let way = queue.shift(); way; way = queue.shift()) {
    for (const next of graph.get(way.at(-1) as string) ?? []) {
      if (next === goal) return way;
      if (!seen.has(next)) queue.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}
