// Owns the dialect of a server that is known by nothing but `/v1/completions`: only fields that OpenAI's own had, text prompts, so that a
// server that refuses unknown fields is not offended. What it can do is found by trying.
import type { CompletionRequest, Dialect } from '../dialect';
import { readOpenAi } from '../openAiReply';
import { numberOf, servedModels } from '../replyFields';

export const generic: Dialect = {
  id: 'generic',
  title: 'Any server with /v1/completions',
  framing: 'events',
  prompts: 'text',
  recognizes: ({ models }) => servedModels(models).length > 0,
  engine: () => 'unknown engine',
  contextTokens: ({ models }, model) => {
    const fields = servedModels(models).find((one) => one.id === model)?.fields;
    return numberOf(fields?.max_model_len) ?? numberOf(fields?.context_length);
  },
  path: 'completions',
  body: (request) => ({
    model: request.model,
    prompt: request.prompt.text(),
    max_tokens: request.maxTokens,
    ...(request.n > 1 ? { n: request.n } : {}),
    ...sampling(request),
    ...(request.stop.length > 0 ? { stop: request.stop } : {}),
    ...(request.topLogProbs > 0 ? { logprobs: request.topLogProbs } : {}),
    ...(request.only?.kind === 'token' ? { logit_bias: { [request.only.id]: 100 } } : {}),
    stream: true,
    stream_options: { include_usage: true },
  }),
  read: (event) => readOpenAi(event),
};

/** Filters are sent only where they are on; a server that ignores them is found out by nobody, so the manifest says what was asked. */
function sampling({ sampling: { temperature, topK, topP, minP }, seed }: CompletionRequest) {
  return {
    temperature,
    ...(topP < 1 ? { top_p: topP } : {}),
    ...(topK > 0 ? { top_k: topK } : {}),
    ...(minP > 0 ? { min_p: minP } : {}),
    ...(seed === null ? {} : { seed }),
  };
}
