// Owns reading members of replies that may be anything: what is not of the expected kind is as if it were not there.

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** Whole numbers ≥ 0, or `null` if any member is something else. */
export function idsOf(value: unknown): readonly number[] | null {
  if (!Array.isArray(value)) return null;
  return value.every((one) => Number.isInteger(one) && one >= 0) ? (value as number[]) : null;
}

/** Names and context lengths in a reply to `GET models`. */
export function servedModels(models: unknown): readonly { readonly id: string; readonly fields: Fields }[] {
  return listOf(fieldsOf(models).data).map((one) => ({ id: textOf(fieldsOf(one).id), fields: fieldsOf(one) }));
}

/** The member `owned_by` of the first model: servers write their own name there. */
export const ownerOf = (models: unknown): string => textOf(servedModels(models)[0]?.fields.owned_by);
