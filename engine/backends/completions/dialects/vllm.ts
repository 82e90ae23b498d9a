// Owns vLLM's dialect of `/v1/completions`. Measured on 0.32. Everything that a model's generation_config would otherwise set is sent.
import type { CompletionRequest, Dialect } from '../dialect';
import { readOpenAi } from '../openAiReply';
import { fieldsOf, idsOf, listOf, numberOf, ownerOf, servedModels, textOf } from '../replyFields';
import { tokenBytes } from '../tokenBytes';

export const vllm: Dialect = {
  id: 'vllm',
  title: 'vLLM',
  framing: 'events',
  prompts: 'ids',
  recognizes: ({ models }) => ownerOf(models) === 'vllm',
  engine: ({ version }) => `vLLM ${textOf(fieldsOf(version).version) || 'of unknown version'}`,
  contextTokens: ({ models }, model) =>
    numberOf(servedModels(models).find((one) => one.id === model)?.fields.max_model_len),
  path: 'completions',
  body: (request) => ({
    model: request.model,
    prompt: request.prompt.ids,
    add_special_tokens: false,
    max_tokens: request.maxTokens,
    n: request.n,
    ...sampling(request),
    stop: request.stop,
    stop_token_ids: request.endIds,
    skip_special_tokens: false,
    return_token_ids: true,
    ...logProbs(request),
    ...constraint(request),
    stream: true,
    stream_options: { include_usage: true },
  }),
  read: (event) => readOpenAi(event),
  tokenizer: {
    tokenize: {
      path: '/tokenize',
      body: (prompt, model) => ({ model, prompt, add_special_tokens: false, return_token_strs: true }),
      read: (reply, text) => {
        const { tokens, token_strs: names } = fieldsOf(reply);
        return { ids: idsOf(tokens) ?? [], pieces: tokenBytes(listOf(names).map(textOf), text) };
      },
    },
    template: () => null,
    render: async (ask, messages, model) => {
      const { tokens } = fieldsOf(await ask('/tokenize', { model, messages, add_generation_prompt: true }));
      return textOf(fieldsOf(await ask('/detokenize', { model, tokens })).prompt);
    },
  },
};

/** A seed is left out where nothing is drawn: on processors it breaks the engine when a prompt is read in chunks (0.32). */
function sampling({ sampling: { temperature, topK, topP, minP }, seed }: CompletionRequest) {
  const neutral = { repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 };
  if (temperature === 0) return { temperature, ...neutral };
  return { temperature, top_k: topK, top_p: topP, min_p: minP, ...neutral, ...(seed === null ? {} : { seed }) };
}

function logProbs({ topLogProbs, wantedIds }: CompletionRequest) {
  if (topLogProbs === 0 && wantedIds.length === 0) return {};
  return {
    logprobs: topLogProbs,
    return_tokens_as_token_ids: true,
    ...(wantedIds.length > 0 ? { logprob_token_ids: wantedIds } : {}),
  };
}

function constraint({ only }: CompletionRequest) {
  if (only === null) return {};
  return only.kind === 'token' ? { allowed_token_ids: [only.id] } : { structured_outputs: { choice: only.texts } };
}
