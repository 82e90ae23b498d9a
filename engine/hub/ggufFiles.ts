// Owns finding the GGUF files that other tools keep on this machine: LM Studio, Ollama, llama.cpp, the hub's cache. Reads names and
// manifests alone. Must not know how a file is run.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hubPlace } from './hubPlace';

export type GgufFile = {
  /** As the tool that keeps it names it. */
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** Whose it is. */
  readonly tool: 'LM Studio' | 'Ollama' | 'llama.cpp' | 'Hugging Face';
};

/** A folder of models is no deep tree; links in it could be endless. */
const deepest = 6;

/** By name; a file that two tools share once. Nothing is opened but Ollama's manifests. */
export function ggufFiles(env: NodeJS.ProcessEnv = process.env, home = os.homedir()): readonly GgufFile[] {
  const all = [...lmStudio(home), ...ollama(env, home), ...llamaCpp(env, home), ...hub(env)];
  const byFile = new Map(all.map((one) => [fs.realpathSync(one.file), one]));
  return [...byFile.values()].sort((a, b) => a.name.localeCompare(b.name));
}

const lmStudio = (home: string): GgufFile[] =>
  ['.lmstudio/models', '.cache/lm-studio/models']
    .map((name) => path.join(home, name))
    .flatMap((root) => ggufFilesUnder(root).map((file) => found('LM Studio', file, path.relative(root, file))));

const llamaCpp = (env: NodeJS.ProcessEnv, home: string): GgufFile[] =>
  [env.LLAMA_CACHE ?? '', path.join(home, '.cache/llama.cpp'), path.join(home, 'Library/Caches/llama.cpp')]
    .filter((root) => root !== '')
    .flatMap((root) => ggufFilesUnder(root).map((file) => found('llama.cpp', file, path.basename(file))));

function hub(env: NodeJS.ProcessEnv): GgufFile[] {
  const { cache } = hubPlace(env);
  return listed(cache)
    .filter((name) => name.startsWith('models--'))
    .flatMap((name) => {
      const root = path.join(cache, name, 'snapshots');
      const repo = name.slice('models--'.length).replace('--', '/');
      return ggufFilesUnder(root).map((file) => found('Hugging Face', file, `${repo}/${path.basename(file)}`));
    });
}

/** Ollama keeps each file under its checksum, and what it is in a manifest: registry/owner/model/tag. */
function ollama(env: NodeJS.ProcessEnv, home: string): GgufFile[] {
  const roots = [env.OLLAMA_MODELS ?? '', path.join(home, '.ollama/models'), '/usr/share/ollama/.ollama/models'];
  return roots
    .filter((root) => root !== '')
    .flatMap((root) =>
      walk(path.join(root, 'manifests'), deepest).flatMap((manifest) => {
        const file = weightsOf(manifest, root);
        const [owner = '', model = '', tag = ''] = manifest.split(path.sep).slice(-3);
        const name = `${owner === 'library' ? '' : `${owner}/`}${model}:${tag}`;
        return file === null ? [] : [found('Ollama', file, name)];
      }),
    );
}

const weightsType = 'application/vnd.ollama.image.model';

/** `null` for what is no manifest, or one whose file is not here. */
function weightsOf(manifest: string, root: string): string | null {
  try {
    const { layers } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { readonly layers?: unknown };
    const all = Array.isArray(layers) ? (layers as readonly { mediaType?: unknown; digest?: unknown }[]) : [];
    const digest = String(all.find(({ mediaType }) => mediaType === weightsType)?.digest);
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) return null;
    const file = path.join(root, 'blobs', digest.replace(':', '-'));
    return fs.existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

const found = (tool: GgufFile['tool'], file: string, name: string): GgufFile => ({
  tool,
  file,
  name: name.replaceAll(path.sep, '/').replace(/\.gguf$/i, ''),
  bytes: fs.statSync(file).size,
});

/** Language models alone: of a file in parts the first, and not the part of a model that sees. */
export const ggufFilesUnder = (root: string): readonly string[] =>
  walk(root, deepest).filter((file) => {
    const name = path.basename(file);
    return /\.gguf$/i.test(name) && !/^mmproj/i.test(name) && !/-(?!00001)\d{5}-of-\d{5}\.gguf$/i.test(name);
  });

function walk(folder: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  return listed(folder).flatMap((name) => {
    const place = path.join(folder, name);
    const stat = statOf(place);
    if (stat?.isDirectory()) return walk(place, depth - 1);
    return stat?.isFile() ? [place] : [];
  });
}

function statOf(place: string): fs.Stats | null {
  try {
    return fs.statSync(place);
  } catch {
    return null;
  }
}

/** What cannot be read holds nothing for us. */
function listed(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
