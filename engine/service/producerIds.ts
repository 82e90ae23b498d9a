// Owns finding the token ids that a model wrote, in records that keep them (vLLM and SGLang can return them, training logs have them).
// Must not know tokenizers.

const names = ['token_ids', 'output_ids', 'completion_token_ids', 'response_token_ids', 'generated_token_ids'];

/** Ids under one of the usual names, in the record, in its first choice or in its message; `undefined` where there are none. */
export function producerIds(record: unknown): readonly number[] | undefined {
  const choice = first(member(record, 'choices'));
  for (const place of [
    record,
    choice,
    member(choice, 'message'),
    member(record, 'message'),
    member(record, 'meta_info'),
  ]) {
    for (const name of names) {
      const ids = member(place, name);
      if (Array.isArray(ids) && ids.length > 0 && ids.every((id) => Number.isInteger(id) && id >= 0)) return ids;
    }
  }
  return undefined;
}

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
