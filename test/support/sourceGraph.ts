// The project's source files and who imports whom, types included, read from the text of the files alone. Knows nothing
// of which imports are allowed.

import fs from 'node:fs';
import path from 'node:path';

/** One import statement (or `import()`, or re-export) of a file. */
export interface ImportEdge {
  /** The importing file, from the project's root, with forward slashes. */
  readonly from: string;
  /** The imported file (as `from`), or a package's or built-in module's name. */
  readonly to: string;
  readonly kind: 'value' | 'type' | 'dynamic';
  /** True when `to` is a file of the project. */
  readonly internal: boolean;
}

/** Path -> text; paths as in `ImportEdge`. */
export type Sources = ReadonlyMap<string, string>;

/** Reads all files of some folders whose names end so; `node_modules` and fixtures are left out. */
export function readSources(root: string, folders: readonly string[], endings: readonly string[]): Sources {
  const sources = new Map<string, string>();
  for (const folder of folders) {
    if (!fs.existsSync(path.join(root, folder))) continue;
    for (const name of fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      const file = path.posix.join(folder, name.split(path.sep).join('/'));
      if (!endings.some((ending) => file.endsWith(ending)) || /(^|\/)(node_modules|fixtures)\//.test(file)) continue;
      sources.set(file, fs.readFileSync(path.join(root, file), 'utf8'));
    }
  }
  return sources;
}

export function findImports(sources: Sources): readonly ImportEdge[] {
  return [...sources]
    .filter(([file]) => file.endsWith('.ts'))
    .flatMap(([file, text]) => importsOf(file, text, sources));
}

// Statements start a line (the formatter sees to it), so comments and strings inside expressions do not match.
const statement = /^(import|export)\s+(type\s+)?(?:[^;'"]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm;
const call = /\b(?:import|require)\(\s*['"]([^'"\n]+)['"]\s*\)/g;
/** `import('./x').Name` in a type; an expression would call or await it instead. */
const typeQuery = /\bimport\(\s*['"][^'"\n]+['"]\s*\)\.[A-Z]/;

function importsOf(file: string, text: string, sources: Sources): ImportEdge[] {
  const edges = [...text.matchAll(statement)].map(([, , type, target]) =>
    edge(file, target as string, { kind: type ? 'type' : 'value', sources }),
  );
  for (const match of text.matchAll(call)) {
    const rest = text.slice(match.index, match.index + match[0].length + 2);
    const kind = typeQuery.test(rest) ? 'type' : 'dynamic';
    edges.push(edge(file, match[1] as string, { kind, sources }));
  }
  return edges;
}

function edge(
  from: string,
  target: string,
  { kind, sources }: Pick<ImportEdge, 'kind'> & { sources: Sources },
): ImportEdge {
  if (!target.startsWith('.')) return { from, to: packageName(target), kind, internal: false };
  const base = path.posix.join(path.posix.dirname(from), target);
  const to = [base, `${base}.ts`, `${base}/index.ts`].find((candidate) => sources.has(candidate)) ?? base;
  return { from, to, kind, internal: true };
}

function packageName(target: string): string {
  if (target.startsWith('node:')) return target;
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/');
}
