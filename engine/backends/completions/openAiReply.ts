// Owns the reply of `/v1/completions` as OpenAI began it and others extended it: choices with text, ids, log-probabilities in either
// shape, usage, and faults inside the stream. Must not know which server sent it.
import type { Delta, Finish, TokenLogProb, Usage, WrittenToken } from './dialect';
import { type Fields, fieldsOf, idsOf, listOf, numberOf, textOf } from './replyFields';
import { messageIn } from './serverError';

/** @param textIn where a choice keeps its new text */
export function readOpenAi(event: unknown, textIn: (choice: Fields) => string = legacyText): readonly Delta[] {
  const fields = fieldsOf(event);
  if (fields.error !== undefined && fields.error !== null) return [{ kind: 'fault', message: messageIn(event) }];
  const deltas: Delta[] = listOf(fields.choices).map((one) => piece(fieldsOf(one), textIn));
  const usage = readUsage(fields.usage);
  return usage ? [...deltas, { kind: 'usage', usage }] : deltas;
}

const legacyText = (choice: Fields): string => textOf(choice.text);

function piece(choice: Fields, textIn: (choice: Fields) => string): Delta {
  return {
    kind: 'piece',
    choice: numberOf(choice.index) ?? 0,
    text: textIn(choice),
    ids: idsOf(choice.token_ids),
    tokens: readLogProbs(choice.logprobs),
    finish: readFinish(choice),
  };
}

function readFinish(choice: Fields): Finish | null {
  const word = choice.finish_reason;
  if (typeof word !== 'string') return null;
  const stopped = choice.stop_reason ?? choice.matched_stop;
  const reason = word === 'stop' || word === 'eos_token' ? 'stop' : word === 'length' ? 'length' : 'other';
  return { reason, word, stopText: typeof stopped === 'string' ? stopped : null };
}

/** The number of cached tokens stands at one of several places. */
export function readUsage(value: unknown): Usage | null {
  const usage = fieldsOf(value);
  const promptTokens = numberOf(usage.prompt_tokens);
  if (promptTokens === null) return null;
  const details = fieldsOf(usage.prompt_tokens_details);
  return {
    promptTokens,
    cachedTokens: numberOf(details.cached_tokens) ?? numberOf(usage.prompt_cache_hit_tokens),
    completionTokens: numberOf(usage.completion_tokens) ?? 0,
  };
}

function readLogProbs(value: unknown): readonly WrittenToken[] {
  const fields = fieldsOf(value);
  if (Array.isArray(fields.content)) return fields.content.map(readListed);
  return listOf(fields.tokens).map((token, i) => readLegacy(fields, token, i));
}

/** A token as chat completions list it: with its log-probability and those of the others beside it. */
export function readListed(value: unknown): WrittenToken {
  const fields = fieldsOf(value);
  const one = (token: Fields): TokenLogProb => ({
    id: numberOf(token.id),
    text: textOf(token.token),
    logProb: numberOf(token.logprob) ?? Number.NEGATIVE_INFINITY,
  });
  return { ...one(fields), top: listOf(fields.top_logprobs).map((other) => one(fieldsOf(other))) };
}

function readLegacy(fields: Fields, token: unknown, at: number): WrittenToken {
  const top = fieldsOf(listOf(fields.top_logprobs)[at]);
  return {
    ...namedToken(textOf(token), numberOf(listOf(fields.token_logprobs)[at])),
    top: Object.entries(top).map(([name, logProb]) => namedToken(name, numberOf(logProb))),
  };
}

/** `token_id:17` is how vLLM names a token when it is asked for ids. */
function namedToken(name: string, logProb: number | null): TokenLogProb {
  const id = /^token_id:(\d+)$/.exec(name)?.[1];
  return { id: id === undefined ? null : Number(id), text: name, logProb: logProb ?? Number.NEGATIVE_INFINITY };
}
