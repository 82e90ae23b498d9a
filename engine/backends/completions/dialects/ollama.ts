// Owns the dialect of Ollama's `/api/generate` with `raw`: text prompts, JSON lines, log-probabilities by token text. A context that is too
// small is cut without a word, so it is asked for in each request and the prompt's length is checked. From its documentation, not measured here.
import type { CompletionRequest, Delta, Dialect } from '../dialect';
import { readListed } from '../openAiReply';
import { fieldsOf, listOf, numberOf, textOf } from '../replyFields';
import { messageIn } from '../serverError';

/** Ollama's own default is 4096; a longer one costs memory on the server, so it is no more than traces need. */
const contextTokens = 16_384;

export const ollama: Dialect = {
  id: 'ollama',
  title: 'Ollama',
  framing: 'lines',
  prompts: 'text',
  recognizes: ({ ollamaVersion }) => textOf(fieldsOf(ollamaVersion).version) !== '',
  engine: ({ ollamaVersion }) => `Ollama ${textOf(fieldsOf(ollamaVersion).version) || 'of unknown version'}`,
  contextTokens: () => contextTokens,
  path: '/api/generate',
  body: (request) => ({
    model: request.model,
    prompt: request.prompt.text(),
    raw: true,
    options: {
      num_predict: request.maxTokens,
      num_ctx: contextTokens,
      ...sampling(request),
      stop: request.stop,
    },
    ...(request.topLogProbs > 0 ? { logprobs: true, top_logprobs: request.topLogProbs } : {}),
    stream: true,
  }),
  read: readOllama,
};

function sampling({ sampling: { temperature, topK, topP, minP }, seed }: CompletionRequest) {
  const filters = { top_k: topK, top_p: topP, min_p: minP, repeat_penalty: 1 };
  return { temperature, ...filters, ...(seed === null ? {} : { seed }) };
}

function readOllama(event: unknown): readonly Delta[] {
  const fields = fieldsOf(event);
  if (fields.error !== undefined) return [{ kind: 'fault', message: messageIn(event) }];
  const word = textOf(fields.done_reason);
  const isLast = fields.done === true;
  const piece: Delta = {
    kind: 'piece',
    choice: 0,
    text: textOf(fields.response) + textOf(fields.thinking),
    ids: null,
    tokens: listOf(fields.logprobs).map(readListed),
    finish: isLast ? { reason: word === 'stop' || word === 'length' ? word : 'other', word, stopText: null } : null,
  };
  const promptTokens = numberOf(fields.prompt_eval_count);
  if (promptTokens === null) return [piece];
  const completionTokens = numberOf(fields.eval_count) ?? 0;
  return [piece, { kind: 'usage', usage: { promptTokens, cachedTokens: null, completionTokens } }];
}
