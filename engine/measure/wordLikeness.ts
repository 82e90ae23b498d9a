// Owns how alike two sentences are: the cosine of their word counts. It stands in for the cosine of sentence embeddings of thought anchors
// (arXiv 2506.19143), which would take a second model; sentences in other words count as different here.

const words = /[\p{L}\p{N}]+/gu;

/** 0 to 1; two texts without words are alike. */
export function wordLikeness(first: string, second: string): number {
  const [a, b] = [countsOf(first), countsOf(second)];
  if (a.size === 0 && b.size === 0) return 1;
  let product = 0;
  for (const [word, count] of a) product += count * (b.get(word) ?? 0);
  const length = Math.sqrt(squares(a) * squares(b));
  return length === 0 ? 0 : Math.min(1, product / length);
}

function countsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [word] of text.toLowerCase().matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const squares = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count * count, 0);
