// A second, plain way to run an exported model in ONNX Runtime, to compare the engine with: every evaluation from
// scratch, no prefix tree, no shared cache. Imports nothing of the engine.
import fs from 'node:fs';
import path from 'node:path';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export type ChatMessage = { readonly role: string; readonly content: string };
type Config = Readonly<Record<'num_hidden_layers' | 'num_key_value_heads' | 'head_dim', number>>;
type Cache = Readonly<Record<string, Tensor>>;
type Step = { readonly logits: Float32Array; readonly cache: Cache };

const int64 = (values: readonly number[], dims: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

const highest = (values: Float32Array): number => values.reduce((best, value) => Math.max(best, value), -Infinity);

type Parts = {
  readonly session: InferenceSession;
  readonly config: Config;
  readonly tokenizer: Tokenizer;
  readonly template: Template;
  readonly endId: number;
};

export class ScratchModel {
  private constructor(private readonly parts: Parts) {}

  static async load(folder: string): Promise<ScratchModel> {
    const read = (name: string) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    const settings = read('tokenizer_config.json');
    const options = { intraOpNumThreads: 1, executionMode: 'sequential' } as const;
    return new ScratchModel({
      session: await InferenceSession.create(path.join(folder, 'model.onnx'), options),
      config: read('config.json'),
      tokenizer: new Tokenizer(read('tokenizer.json'), settings),
      template: new Template(settings.chat_template),
      endId: read('generation_config.json').eos_token_id,
    });
  }

  render(messages: readonly ChatMessage[]): string {
    return this.parts.template.render({ messages, add_generation_prompt: true });
  }

  encode(text: string): readonly number[] {
    return this.parts.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.parts.tokenizer.decode([...ids], { skip_special_tokens: false });
  }

  /** Natural-log probabilities of the token after these ids. */
  async nextLogProbs(ids: readonly number[]): Promise<Float64Array> {
    const { logits } = await this.step(ids, this.emptyCache(), 0);
    const top = highest(logits);
    let sum = 0;
    for (const value of logits) sum += Math.exp(value - top);
    return Float64Array.from(logits, (value) => value - top - Math.log(sum));
  }

  /** Greedy ids, without the end token. */
  async greedy(ids: readonly number[], maxTokens: number): Promise<readonly number[]> {
    const written: number[] = [];
    let step = await this.step(ids, this.emptyCache(), 0);
    for (;;) {
      const next = step.logits.indexOf(highest(step.logits));
      if (next === this.parts.endId) return written;
      written.push(next);
      if (written.length === maxTokens) return written;
      step = await this.step([next], step.cache, ids.length + written.length - 1);
    }
  }

  private emptyCache(): Cache {
    const { num_hidden_layers: layers, num_key_value_heads: heads, head_dim: size } = this.parts.config;
    const names = Array.from({ length: layers }, (_, i) => [`past_key_values.${i}.key`, `past_key_values.${i}.value`]);
    const empty = () => new Tensor('float32', new Float32Array(0), [1, heads, 0, size]);
    return Object.fromEntries(names.flat().map((name) => [name, empty()]));
  }

  private async step(ids: readonly number[], cache: Cache, before: number): Promise<Step> {
    const total = before + ids.length;
    const outputs = await this.parts.session.run({
      input_ids: int64(ids, [1, ids.length]),
      attention_mask: int64(new Array<number>(total).fill(1), [1, total]),
      position_ids: int64(
        [...ids.keys()].map((i) => before + i),
        [1, ids.length],
      ),
      attention_bias: new Tensor('float32', new Float32Array(1), [1, 1, 1, 1]),
      logit_idx: int64([ids.length - 1], [1]),
      ...cache,
    });
    const { logits, ...present } = outputs;
    const renamed = Object.entries(present).map(([name, tensor]) => [
      name.replace('present', 'past_key_values'),
      tensor,
    ]);
    return { logits: logits?.data as Float32Array, cache: Object.fromEntries(renamed) };
  }
}
