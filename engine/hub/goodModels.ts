// Owns a short list of models that write their reasoning down and run here, to begin with. Data; sizes and licences are asked of the hub.

export type GoodModel = {
  readonly repo: string;
  /** Billions of weights. */
  readonly billions: number;
  /** `reasoning`: trained to think between tags; `instruct`: reasons when a prompt asks for it. */
  readonly kind: 'reasoning' | 'instruct';
  readonly about: string;
};

export const goodModels: readonly GoodModel[] = [
  {
    repo: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    billions: 0.135,
    kind: 'instruct',
    about: 'small enough to try everything',
  },
  {
    repo: 'onnx-community/Qwen2.5-0.5B-Instruct',
    billions: 0.5,
    kind: 'instruct',
    about: 'follows a format that a prompt asks for',
  },
  {
    repo: 'onnx-community/Qwen3-0.6B-ONNX',
    billions: 0.6,
    kind: 'reasoning',
    about: 'the smallest that thinks in <think> tags',
  },
  {
    repo: 'onnx-community/gemma-3-1b-it-ONNX',
    billions: 1,
    kind: 'instruct',
    about: 'asks for consent to its licence; cuts of long traces are evaluated one after another',
  },
  {
    repo: 'onnx-community/Llama-3.2-1B-Instruct-ONNX',
    billions: 1,
    kind: 'instruct',
    about: 'Llama 3.2, with its own licence',
  },
  {
    repo: 'onnx-community/DeepSeek-R1-Distill-Qwen-1.5B-ONNX',
    billions: 1.5,
    kind: 'reasoning',
    about: 'the model of many studies of reasoning traces',
  },
  {
    repo: 'HuggingFaceTB/SmolLM3-3B-ONNX',
    billions: 3,
    kind: 'reasoning',
    about: 'thinks, or does not, as its prompt says',
  },
  {
    repo: 'onnx-community/Qwen3-4B-ONNX',
    billions: 4,
    kind: 'reasoning',
    about: 'needs 4 GB of memory at four bits',
  },
];

/** Those whose name, kind or description has all the words; `4B` and the like bound the size from above. */
export function searchGoodModels(words: readonly string[]): readonly GoodModel[] {
  const sizes = words.flatMap((word) => (/^\d+(\.\d+)?b$/i.test(word) ? [Number.parseFloat(word)] : []));
  const others = words.filter((word) => !/^\d+(\.\d+)?b$/i.test(word)).map((word) => word.toLowerCase());
  return goodModels.filter(({ repo, kind, about, billions }) => {
    const text = `${repo} ${kind} ${about}`.toLowerCase();
    return others.every((word) => text.includes(word)) && sizes.every((most) => billions <= most);
  });
}
