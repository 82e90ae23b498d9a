// Owns asking a model for a text behind a prompt, by the engine's own sampler. Must not know what the text is for.
import type { Backend } from '../../engine/backends/backend';
import type { ModelText } from '../../engine/text/modelText';

export type Engine = { readonly backend: Backend; readonly text: ModelText };

export type TextSampling = {
  /** 0: greedy. */
  readonly temperature: number;
  /** Names the draw: the same stream gives the same text. */
  readonly stream: string;
  readonly maxTokens: number;
};

export async function sampleText({ backend, text }: Engine, prompt: string, asked: TextSampling): Promise<string> {
  const { temperature, stream, maxTokens } = asked;
  const readout = { kind: 'continued', maxTokens, stopTexts: [] } as const;
  const sampling = { temperature, topK: 0, topP: 1, minP: 0 };
  const leaf = { key: 'original', ids: [], readout, sampling, streams: [stream] };
  for await (const event of backend.run(
    { prompt: text.encode(prompt).ids, leaves: [leaf] },
    new AbortController().signal,
  )) {
    if (event.type === 'continued') return event.text;
  }
  throw new Error('The engine ended a job without its text.');
}
