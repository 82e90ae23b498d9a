// Entry of the process in which transformers.js is measured. It is installed outside the tree; its types are declared as far as used.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from './childProcess';
import { measure } from './measured';

/** `external`: the weights lie beside the graph in a file of their own. */
export type TransformersSpec = { readonly install: string; readonly folder: string; readonly external: boolean };

/** One `generate` each, from the first token. */
export type TransformersRequest = { readonly calls: readonly TransformersCall[] };
export type TransformersCall = { readonly ids: readonly number[]; readonly newTokens: number };

type Tensor = { readonly tolist: () => readonly (readonly (bigint | number)[])[] };
type TensorClass = new (type: string, data: BigInt64Array, shape: readonly number[]) => Tensor;
type CausalModel = { readonly generate: (options: object) => Promise<Tensor> };
type Library = {
  readonly env: { allowRemoteModels: boolean; localModelPath: string; version: string };
  readonly Tensor: TensorClass;
  readonly AutoModelForCausalLM: { readonly from_pretrained: (name: string, options: object) => Promise<CausalModel> };
};

async function generate(library: Library, model: CausalModel, call: TransformersCall): Promise<readonly number[]> {
  const count = call.ids.length;
  const output = await model.generate({
    input_ids: new library.Tensor('int64', BigInt64Array.from(call.ids, BigInt), [1, count]),
    attention_mask: new library.Tensor('int64', new BigInt64Array(count).fill(1n), [1, count]),
    max_new_tokens: call.newTokens,
    do_sample: false,
  });
  return output.tolist()[0]!.slice(count).map(Number);
}

serve<TransformersSpec, TransformersRequest>(async ({ install, folder, external }) => {
  const entry = path.join(install, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs');
  const library = (await import(pathToFileURL(entry).href)) as Library;
  library.env.allowRemoteModels = false;
  library.env.localModelPath = path.dirname(folder);
  const model = await library.AutoModelForCausalLM.from_pretrained(path.basename(folder), {
    dtype: 'fp32', // The plain file name, whatever the weights are.
    device: 'cpu',
    use_external_data_format: external,
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  });
  return {
    about: `@huggingface/transformers ${library.env.version}, 1 thread, generate with its key-value cache, greedy`,
    answer: ({ calls }) =>
      measure(async () => {
        const ids: (readonly number[])[] = [];
        for (const call of calls) ids.push(await generate(library, model, call));
        return { ids, tokens: calls.reduce((sum, call) => sum + call.ids.length + call.newTokens - 1, 0) };
      }),
  };
});
