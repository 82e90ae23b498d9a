// Owns the guess which attribute of the prompt could be swapped: pairs of values that stand in different prompts, best first.
// Must not know how a swap is applied.
import type { Message } from '../domain/example';
import type { SwapSuggestion } from './contract';
import { swapAttributes } from './swapAttributes';

const examplesAsked = 300;
const mostSuggestions = 8;

type ValueCount = {
  readonly attribute: string;
  readonly value: string;
  readonly pattern: RegExp;
  readonly examples: Set<number>;
};

export class SwapSurvey {
  #asked = 0;
  readonly #values: readonly ValueCount[] = swapAttributes.flatMap(({ attribute, values }) =>
    values.map((value) => ({ attribute, value, pattern: wordPattern(value), examples: new Set<number>() })),
  );

  /** Looks at the user's messages of one example; later examples than the first few hundred are ignored. */
  add(messages: readonly Message[]): void {
    if (this.#asked >= examplesAsked) return;
    const text = messages.map((message) => (message.role === 'user' ? message.content : '')).join('\n');
    for (const value of this.#values) if (value.pattern.test(text)) value.examples.add(this.#asked);
    this.#asked += 1;
  }

  /** Best first: pairs that split nearly all prompts in the table's order, then those that tell most of the others apart. */
  suggestions(): readonly SwapSuggestion[] {
    const ranked: Ranked[] = [];
    for (const { attribute } of swapAttributes) {
      const values = this.#values.filter((one) => one.attribute === attribute && one.examples.size > 0);
      for (const [index, a] of values.entries()) {
        for (const b of values.slice(index + 1)) ranked.push(rank(a, b, this.#asked));
      }
    }
    return ranked
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, mostSuggestions)
      .map(({ suggestion }) => suggestion);
  }
}

type Ranked = { readonly suggestion: SwapSuggestion; readonly score: number };

/** Share of prompts with exactly one of the two; 1 for pairs that divide nearly all of them into two fair parts. */
function rank(a: ValueCount, b: ValueCount, asked: number): Ranked {
  const both = [...a.examples].filter((example) => b.examples.has(example)).length;
  const countA = a.examples.size;
  const countB = b.examples.size;
  const exactlyOne = countA + countB - 2 * both;
  const balance = Math.min(countA, countB) / Math.max(countA, countB);
  const exclusive = exactlyOne / (exactlyOne + both);
  const coverage = exactlyOne / asked;
  const divides = coverage >= 0.9 && exclusive >= 0.9 && balance >= 0.3;
  const score = exclusive < 0.5 ? 0 : divides ? 1 : 0.9 * coverage * exclusive * (0.5 + 0.5 * balance);
  return { suggestion: { attribute: a.attribute, a: a.value, b: b.value, countA, countB }, score };
}

/** Whole words, any case but for names; a hyphen or apostrophe is part of the word. */
function wordPattern(value: string): RegExp {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped}(?![\\p{L}\\p{N}_-])`, /^\p{Lu}/u.test(value) ? 'u' : 'iu');
}
