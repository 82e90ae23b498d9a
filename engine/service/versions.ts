// Owns the versions that a run was made with. Must not load any of the packages it names.
import fs from 'node:fs';
import path from 'node:path';
import { packageRoot } from './models';

const named = ['onnxruntime-node', '@huggingface/tokenizers', '@huggingface/jinja'];

/** This program, Node, and the packages that decide tokens and numbers (as this package pins them). */
export function versions(): Readonly<Record<string, string>> {
  const own = JSON.parse(fs.readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const pinned = named.map((name) => [name, own.dependencies[name] ?? 'unknown'] as const);
  return { counterthought: own.version, node: process.versions.node, ...Object.fromEntries(pinned) };
}
