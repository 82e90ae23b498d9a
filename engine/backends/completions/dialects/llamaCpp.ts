// Owns the dialect of llama.cpp's server: its own `/completion`, which takes and tells token ids, and draws with every sampler but ours
// switched off. Measured on xllamacpp 2026.10. A model from LM Studio or Ollama's cache speaks it too, served by llama.cpp.
import type { CompletionRequest, Delta, Dialect, Finish } from '../dialect';
import { readListed } from '../openAiReply';
import { type Fields, fieldsOf, idsOf, listOf, numberOf, ownerOf, textOf } from '../replyFields';
import { messageIn } from '../serverError';

/** No server has more; what one says beyond this is no count. */
const mostSlots = 4096;

const slotCount = (told: number | null): number | null =>
  told !== null && Number.isInteger(told) && told >= 1 && told <= mostSlots ? told : null;

export const llamaCpp: Dialect = {
  id: 'llama.cpp',
  title: 'llama.cpp server',
  framing: 'events',
  prompts: 'ids',
  recognizes: ({ models }) => ownerOf(models) === 'llamacpp',
  engine: ({ props }) => `llama.cpp ${textOf(fieldsOf(props).build_info) || 'of unknown build'}`,
  contextTokens: ({ props }) => numberOf(fieldsOf(fieldsOf(props).default_generation_settings).n_ctx),
  slots: ({ props }) => slotCount(numberOf(fieldsOf(props).total_slots)),
  path: '/completion',
  body: (request) => ({
    prompt: request.prompt.ids,
    n_predict: request.maxTokens,
    n_cmpl: request.n,
    ...sampling(request),
    stop: request.stop,
    return_tokens: true,
    n_probs: request.topLogProbs,
    cache_prompt: true,
    ...(request.slot === null ? {} : { id_slot: request.slot }),
    ...constraint(request),
    stream: true,
  }),
  read: readLlama,
  tokenizer: {
    tokenize: {
      path: '/tokenize',
      body: (content) => ({ content, add_special: false, parse_special: true, with_pieces: true }),
      read: (reply) => {
        const tokens = listOf(fieldsOf(reply).tokens).map(fieldsOf);
        return { ids: tokens.map(({ id }) => numberOf(id) ?? 0), pieces: tokens.map(({ piece }) => bytesOf(piece)) };
      },
    },
    template: ({ props }) => textOf(fieldsOf(props).chat_template) || null,
  },
};

const neutral = {
  repeat_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  dry_multiplier: 0,
  xtc_probability: 0,
  typical_p: 1,
  dynatemp_range: 0,
  mirostat: 0,
};

/** In our order of filters; the sampler `temperature` alone is greedy at 0. */
function sampling({ sampling: { temperature, topK, topP, minP }, seed }: CompletionRequest) {
  if (temperature === 0) return { temperature, samplers: ['temperature'], ...neutral };
  const samplers = ['temperature', 'top_k', 'top_p', 'min_p'];
  const filters = { top_k: topK, top_p: topP, min_p: minP };
  return { temperature, ...filters, samplers, ...neutral, ...(seed === null ? {} : { seed }) };
}

/** Far above any logit, so that this token alone is left; the log-probabilities told are those before it. */
const forcingBias = 10_000;

function constraint({ only }: CompletionRequest) {
  if (only === null) return {};
  if (only.kind === 'token') return { logit_bias: [[only.id, forcingBias]] };
  return { grammar: `root ::= ${only.texts.map((text) => JSON.stringify(text)).join(' | ')}` };
}

function readLlama(event: unknown): readonly Delta[] {
  const fields = fieldsOf(event);
  if (fields.error !== undefined) return [{ kind: 'fault', message: messageIn(event) }];
  const isLast = fields.stop === true;
  const piece: Delta = {
    kind: 'piece',
    choice: numberOf(fields.index) ?? 0,
    text: textOf(fields.content),
    ids: idsOf(fields.tokens),
    tokens: isLast ? [] : listOf(fields.completion_probabilities).map(readListed),
    finish: isLast ? finishOf(fields) : null,
  };
  return isLast ? [piece, usageOf(fields)] : [piece];
}

function finishOf({ stop_type: type, stopping_word: word, truncated }: Fields): Finish {
  if (truncated === true) return { reason: 'other', word: 'truncated', stopText: null };
  if (type === 'limit') return { reason: 'length', word: 'limit', stopText: null };
  const isStop = type === 'eos' || type === 'word';
  return { reason: isStop ? 'stop' : 'other', word: textOf(type), stopText: type === 'word' ? textOf(word) : null };
}

function usageOf(fields: Fields): Delta {
  const promptTokens = numberOf(fields.tokens_evaluated) ?? 0;
  const cachedTokens = numberOf(fieldsOf(fields.timings).cache_n);
  return {
    kind: 'usage',
    usage: { promptTokens, cachedTokens, completionTokens: numberOf(fields.tokens_predicted) ?? 0 },
  };
}

/** A piece that is no whole text comes as its bytes. */
function bytesOf(piece: unknown): Uint8Array {
  const bytes = idsOf(piece);
  return bytes === null ? new TextEncoder().encode(textOf(piece)) : Uint8Array.from(bytes);
}
