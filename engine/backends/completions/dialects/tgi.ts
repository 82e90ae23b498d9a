// Owns the dialect of text-generation-inference's `/generate_stream`: text prompts, ids and log-probabilities per token, stop strings kept.
// From its published schema, not measured here: what a server really does is found by trying (`probe`).
import { anyOf, type CompletionRequest, type Delta, type Dialect, type TokenLogProb } from '../dialect';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../replyFields';
import { messageIn } from '../serverError';

export const tgi: Dialect = {
  id: 'tgi',
  title: 'Text Generation Inference',
  framing: 'events',
  prompts: 'text',
  recognizes: ({ info }) => fieldsOf(info).max_total_tokens !== undefined && fieldsOf(info).model_id !== undefined,
  engine: ({ info }) => `TGI ${textOf(fieldsOf(info).version) || 'of unknown version'}`,
  contextTokens: ({ info }) => numberOf(fieldsOf(info).max_total_tokens),
  path: '/generate_stream',
  body: (request) => ({
    inputs: request.prompt.text(),
    parameters: {
      max_new_tokens: request.maxTokens,
      ...sampling(request),
      stop: request.stop,
      return_full_text: false,
      details: true,
      top_n_tokens: request.topLogProbs > 0 ? request.topLogProbs : null,
      ...(request.only?.kind === 'texts' ? { grammar: { type: 'regex', value: anyOf(request.only.texts) } } : {}),
    },
  }),
  read: readTgi,
};

/** No temperature, and no sampling, is greedy. Filters that are off must be left out. */
function sampling({ sampling: { temperature, topK, topP }, seed }: CompletionRequest) {
  if (temperature === 0) return { do_sample: false };
  return {
    do_sample: true,
    temperature,
    ...(topK > 0 ? { top_k: topK } : {}),
    ...(topP < 1 ? { top_p: topP } : {}),
    ...(seed === null ? {} : { seed }),
  };
}

function readTgi(event: unknown): readonly Delta[] {
  const fields = fieldsOf(event);
  if (fields.error !== undefined) return [{ kind: 'fault', message: messageIn(event) }];
  const token = fieldsOf(fields.token);
  const details = fieldsOf(fields.details);
  const word = textOf(details.finish_reason);
  const own = tokenOf(token);
  const piece: Delta = {
    kind: 'piece',
    choice: 0,
    // The end token comes as text, too.
    text: word === 'eos_token' ? '' : own.text,
    ids: own.id === null ? null : [own.id],
    tokens: [{ ...own, top: listOf(fields.top_tokens).map((one) => tokenOf(fieldsOf(one))) }],
    finish: word === '' ? null : { reason: reasonOf(word), word, stopText: null },
  };
  const promptTokens = numberOf(details.input_length);
  if (promptTokens === null) return [piece];
  const completionTokens = numberOf(details.generated_tokens) ?? 0;
  return [piece, { kind: 'usage', usage: { promptTokens, cachedTokens: null, completionTokens } }];
}

function reasonOf(word: string): 'stop' | 'length' | 'other' {
  if (word === 'length') return 'length';
  return word === 'eos_token' || word === 'stop_sequence' ? 'stop' : 'other';
}

const tokenOf = (token: Fields): TokenLogProb => ({
  id: numberOf(token.id),
  text: textOf(token.text),
  logProb: numberOf(token.logprob) ?? Number.NEGATIVE_INFINITY,
});
