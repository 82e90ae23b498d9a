// Owns finding request and response in a record: an API reply alone, beside its request, or in a batch line's or a tracer's envelope.
// Must not know any provider.
import { at, isObject, type JsonObject, member } from './shape';

export type Exchange = { readonly request: JsonObject; readonly response: JsonObject };

const none: JsonObject = {};
/** What was sent and what came back, as clients, gateways and tracers name it; the most telling pair first. */
const pairs = [
  ['request', 'response'],
  ['input', 'output'],
  ['inputs', 'outputs'],
  ['inputs', 'output'],
  ['modelInput', 'modelOutput'],
  ['input', 'completion'],
  ['request', 'result'],
] as const;
const bodies = ['body', 'inputBodyJson', 'outputBodyJson', 'message'];

function body(value: unknown): JsonObject {
  for (const name of bodies) {
    const inner = member(value, name);
    // Ollama, Cohere and Bedrock reply with a message and no envelope around it.
    if (isObject(inner) && (name !== 'message' || inner.type === 'message')) return inner;
  }
  return isObject(value) ? value : none;
}

/** The request is empty when the record holds only the reply. */
export function exchangeOf(record: unknown): Exchange {
  const answered = pairs.filter(([, reply]) => isObject(member(record, reply)));
  const [asking, reply] = answered.find(([request]) => member(record, request) !== undefined) ?? answered[0] ?? [];
  if (asking !== undefined && reply !== undefined) {
    const request = member(record, asking) ?? record;
    return {
      request: Array.isArray(request) ? { messages: request } : body(request),
      response: body(member(record, reply)),
    };
  }
  const whole = body(record);
  return { request: body(member(record, 'request') ?? whole), response: whole };
}

/** Who wrote the reply, as far as either side or the envelope says. */
export function modelOf(record: unknown, { request, response }: Exchange): string | null {
  const named = [response.model, request.model, member(record, 'model'), response.modelVersion];
  const chained = [at(response, 'llm_output', 'model_name'), at(record, 'extra', 'metadata', 'ls_model_name')];
  const keys = ['modelId', 'model_id', 'model_name', 'modelVersion'];
  const ids = [...chained, ...keys.map((key) => request[key]), ...keys.map((key) => member(record, key))];
  return [...named, ...ids].find((name): name is string => typeof name === 'string') ?? null;
}
