// A prefix cache as vLLM keeps one: blocks of tokens by everything that stands before them, the longest unused going first. Knows nothing of
// who asks.

const blockTokens = 16;

export type PrefixCache = {
  /** Tokens of these that are held, in whole blocks from the start. */
  readonly held: (ids: readonly number[]) => number;
  /** Keeps them, once they were read. */
  readonly keep: (ids: readonly number[]) => void;
};

export function prefixCache(mostTokens: number): PrefixCache {
  const blocks = new Set<string>();
  const keysOf = (ids: readonly number[]): readonly string[] =>
    Array.from({ length: Math.floor(ids.length / blockTokens) }, (_, at) =>
      ids.slice(0, (at + 1) * blockTokens).join(' '),
    );
  const touch = (key: string): void => {
    blocks.delete(key);
    blocks.add(key);
  };
  return {
    held: (ids) => {
      const keys = keysOf(ids);
      const missing = keys.findIndex((key) => !blocks.has(key));
      const found = keys.slice(0, missing < 0 ? undefined : missing);
      for (const key of found) touch(key);
      return found.length * blockTokens;
    },
    keep: (ids) => {
      for (const key of keysOf(ids)) touch(key);
      for (const oldest of blocks) {
        if (blocks.size * blockTokens <= mostTokens) return;
        blocks.delete(oldest);
      }
    },
  };
}
