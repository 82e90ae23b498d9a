// Owns installing what this engine is compared with, each pinned and in a folder of its own in the cache, and the model files they take.
// Must not know how they are measured.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { madeOnce } from '../support/madeOnce';
import { npm } from '../support/npmPackage';
import { cacheFolder, projectRoot } from '../support/paths';
import { pythonEnvironment, runProgram } from '../support/pythonEnvironment';
import { prepareRealModel, type RealPrecision } from '../support/realModel';

type Peer = {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
};

export const transformersPeer: Peer = {
  name: 'transformers-4.3.1',
  dependencies: { '@huggingface/transformers': '4.3.1' },
  flags: [],
};

/** Its prebuilt binary is a package of its own for each platform; nothing is compiled or downloaded by scripts. */
export const llamaPeer: Peer = {
  name: 'node-llama-cpp-3.22.1',
  dependencies: { 'node-llama-cpp': '3.22.1', [llamaBinary()]: '3.22.1' },
  flags: ['--omit=optional'],
};

function llamaBinary(): string {
  const platforms: Readonly<Record<string, string>> = { darwin: 'mac', win32: 'win' };
  const suffix = process.platform === 'darwin' && process.arch === 'arm64' ? '-metal' : '';
  return `@node-llama-cpp/${platforms[process.platform] ?? process.platform}-${process.arch}${suffix}`;
}

/** Folder with the peer's node_modules. @throws Error with npm's own words */
export function installPeer({ name, dependencies, flags }: Peer): Promise<string> {
  return madeOnce(path.join(cacheFolder(), `peer-${name}`), (scratch) => {
    const description = { name: 'bench-peer', version: '1.0.0', private: true, dependencies };
    fs.writeFileSync(path.join(scratch, 'package.json'), JSON.stringify(description));
    npm(['install', ...flags], scratch);
  });
}

const script = path.join(projectRoot, 'test/bench/builder_layout.py');
const requirements = path.join(projectRoot, 'test/support/python/requirements-export.txt');

export type PeerModel = { readonly folder: string; readonly external: boolean };

/** The real model in the layout that every engine takes, without end tokens: every answer is as long as asked for. */
export async function builderModel(
  precision: RealPrecision,
  layout: 'all logits' | 'counted logits',
): Promise<PeerModel> {
  const source = await prepareRealModel(precision);
  const flags = layout === 'counted logits' ? ['--count-logits'] : [];
  const key = createHash('sha256').update(fs.readFileSync(script)).update(source).update(layout).digest('hex');
  const name = `bench-${precision}-${key.slice(0, 12)}`;
  const folder = await madeOnce(path.join(cacheFolder(), name), async (scratch) => {
    const python = await pythonEnvironment(requirements);
    copyWithoutEnd(source, scratch);
    fs.mkdirSync(path.join(scratch, 'onnx'));
    runProgram(python, [script, path.join(source, 'model.onnx'), path.join(scratch, 'onnx/model.onnx'), ...flags]);
    const data = path.join(source, 'model.onnx_data');
    if (fs.existsSync(data)) fs.linkSync(data, path.join(scratch, 'onnx/model.onnx_data'));
  });
  return { folder, external: fs.existsSync(path.join(folder, 'onnx/model.onnx_data')) };
}

/** A copy of any model folder whose continuations never end by themselves. */
export function endlessCopy(source: string, target: string): string {
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  copyWithoutEnd(source, target);
  fs.cpSync(path.join(source, 'onnx'), path.join(target, 'onnx'), { recursive: true });
  return target;
}

function copyWithoutEnd(source: string, target: string): void {
  fs.copyFileSync(path.join(source, 'tokenizer.json'), path.join(target, 'tokenizer.json'));
  for (const file of ['config.json', 'generation_config.json', 'tokenizer_config.json']) {
    const content = JSON.parse(fs.readFileSync(path.join(source, file), 'utf8')) as Record<string, unknown>;
    delete content.eos_token_id;
    delete content.eos_token;
    fs.writeFileSync(path.join(target, file), JSON.stringify(content));
  }
}
