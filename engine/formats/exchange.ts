// Owns finding request and response in a record: an API reply alone, beside its request, or in a batch line's envelope.
// Must not know any provider.
import { isObject, type JsonObject, member } from './shape';

export type Exchange = { readonly request: JsonObject; readonly response: JsonObject };

const none: JsonObject = {};
const body = (value: unknown): JsonObject => {
  const inner = member(value, 'body');
  return isObject(inner) ? inner : isObject(value) ? value : none;
};

/** The request is empty when the record holds only the reply. */
export function exchangeOf(record: unknown): Exchange {
  const response = member(record, 'response') ?? member(record, 'output') ?? member(record, 'completion');
  if (isObject(response)) {
    const request = member(record, 'request') ?? member(record, 'input') ?? record;
    return { request: body(request), response: body(response) };
  }
  const whole = body(record);
  const request = member(record, 'request') ?? whole;
  return { request: body(request), response: whole };
}
