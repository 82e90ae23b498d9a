// Owns which of the contributed strings people read, and moves them out of package.json: `%key%` stands there, the words in package.nls.json,
// which translators copy. Pure; must not know what is contributed.

/** Properties whose strings people see, wherever they stand; lists of them, too. */
const shown = new Set([
  'title',
  'displayName',
  'name',
  'description',
  'markdownDescription',
  'enumDescriptions',
  'contents',
  'altText',
  'aliases',
]);

/** What names an entry of a list, so that its key stays when others are put before it. */
const names = ['command', 'viewType', 'view', 'id'] as const;

const ownPrefix = /^counterthought\./;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Localized = {
  /** What package.json holds. */
  readonly value: Json;
  /** Key → English words, sorted by key. */
  readonly texts: Readonly<Record<string, string>>;
};

/** Replaces every string that people see by a key made of where it stands; the product's name stays. */
export function localized(source: unknown, productName: string): Localized {
  const texts = new Map<string, string>();
  const keyed = (text: string, path: readonly string[]): string => {
    if (text === productName) return text;
    const key = path.map((part) => part.replace(ownPrefix, '')).join('.');
    texts.set(key, text);
    return `%${key}%`;
  };
  const walk = (value: Json, path: readonly string[], isShown: boolean): Json => {
    if (typeof value === 'string') return isShown ? keyed(value, path) : value;
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map((item, at) => walk(item, [...path, nameOf(item) ?? String(at)], isShown));
    const entries = Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key], shown.has(key))]);
    return Object.fromEntries(entries) as Json;
  };
  const value = walk(JSON.parse(JSON.stringify(source)) as Json, [], false);
  return { value, texts: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function nameOf(item: Json): string | undefined {
  if (item === null || typeof item !== 'object' || isList(item)) return undefined;
  const own = item as { readonly [key: string]: Json };
  return names.map((name) => own[name]).find((value) => typeof value === 'string') as string | undefined;
}
