// Owns the dialect of SGLang's own `/generate`, which takes ids and tells the log-probabilities of any ids asked for. From its
// documentation and its code's shapes, not measured here: what a server really does is found by trying (`probe`).
import {
  anyOf,
  type CompletionRequest,
  type Delta,
  type Dialect,
  type Finish,
  type TokenLogProb,
  type WrittenToken,
} from '../dialect';
import { type Fields, fieldsOf, idsOf, listOf, numberOf, ownerOf, textOf } from '../replyFields';
import { messageIn } from '../serverError';

export const sglang: Dialect = {
  id: 'sglang',
  title: 'SGLang',
  framing: 'events',
  prompts: 'ids',
  recognizes: ({ models, modelInfo }) => ownerOf(models) === 'sglang' || fieldsOf(modelInfo).model_path !== undefined,
  engine: ({ serverInfo }) => `SGLang ${textOf(fieldsOf(serverInfo).version) || 'of unknown version'}`,
  contextTokens: ({ serverInfo }) =>
    numberOf(fieldsOf(serverInfo).context_length) ?? numberOf(fieldsOf(serverInfo).max_req_input_len),
  path: '/generate',
  body: (request) => ({
    input_ids: request.prompt.ids,
    sampling_params: {
      max_new_tokens: request.maxTokens,
      n: request.n,
      ...sampling(request),
      stop: request.stop,
      stop_token_ids: request.endIds,
      skip_special_tokens: false,
      no_stop_trim: true,
      ...(request.only?.kind === 'texts' ? { regex: anyOf(request.only.texts) } : {}),
    },
    ...logProbs(request),
    stream: true,
  }),
  read: readSglang,
};

function sampling({ sampling: { temperature, topK, topP, minP }, seed }: CompletionRequest) {
  const neutral = { repetition_penalty: 1, presence_penalty: 0, frequency_penalty: 0 };
  const filters = { top_k: topK === 0 ? -1 : topK, top_p: topP, min_p: minP };
  return { temperature, ...filters, ...neutral, ...(seed === null ? {} : { sampling_seed: seed }) };
}

function logProbs({ topLogProbs, wantedIds }: CompletionRequest) {
  if (topLogProbs === 0 && wantedIds.length === 0) return {};
  const wanted = wantedIds.length > 0 ? { token_ids_logprob: wantedIds } : {};
  return { return_logprob: true, top_logprobs_num: topLogProbs, ...wanted, return_text_in_logprobs: true };
}

/** Every event repeats all text and all log-probabilities so far. */
function readSglang(event: unknown): readonly Delta[] {
  const fields = fieldsOf(event);
  if (fields.error !== undefined) return [{ kind: 'fault', message: messageIn(event) }];
  const meta = fieldsOf(fields.meta_info);
  const finish = finishOf(meta.finish_reason);
  const piece: Delta = {
    kind: 'piece',
    choice: numberOf(fields.index) ?? 0,
    text: textOf(fields.text),
    ids: idsOf(fields.output_ids),
    tokens: tokensOf(meta),
    isWhole: true,
    finish,
  };
  return finish ? [piece, usageOf(meta)] : [piece];
}

function usageOf(meta: Fields): Delta {
  const promptTokens = numberOf(meta.prompt_tokens) ?? 0;
  const completionTokens = numberOf(meta.completion_tokens) ?? 0;
  return { kind: 'usage', usage: { promptTokens, cachedTokens: numberOf(meta.cached_tokens), completionTokens } };
}

function finishOf(value: unknown): Finish | null {
  const word = textOf(fieldsOf(value).type);
  if (word === '') return null;
  return { reason: word === 'stop' || word === 'length' ? word : 'other', word, stopText: null };
}

function tokensOf(meta: Fields): readonly WrittenToken[] {
  return listOf(meta.output_token_logprobs).map((entry, at) => {
    const beside = [meta.output_top_logprobs, meta.output_token_ids_logprobs].flatMap((all) => listOf(listOf(all)[at]));
    return { ...entryOf(entry), top: beside.map(entryOf) };
  });
}

/** `[log-probability, id, text]` */
function entryOf(value: unknown): TokenLogProb {
  const [logProb, id, text] = listOf(value);
  return { id: numberOf(id), text: textOf(text), logProb: numberOf(logProb) ?? Number.NEGATIVE_INFINITY };
}
