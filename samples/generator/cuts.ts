// Owns the trace edits that planted answers are given for, by the names that a run gives them, and where each cuts.
// Must not know what is answered there; tokens only as their end offsets.

export type Cut = { readonly keep: number; readonly close: 'open' | 'closed' };

/** The trace edits that a run offers, by their names there. */
export const presets: Readonly<Record<string, Cut>> = {
  free: { keep: 0, close: 'open' },
  frozen: { keep: 1, close: 'closed' },
  'tag-stripped': { keep: 1, close: 'open' },
  'half-truncated': { keep: 0.5, close: 'open' },
  'half-closed': { keep: 0.5, close: 'closed' },
  'no-reasoning': { keep: 0, close: 'closed' },
};

const tenths = [1, 2, 3, 4, 6, 7, 8, 9];

/** A curve, named as a run names its cuts: every tenth of the reasoning closed, every fifth open, and the presets. */
export const curveCuts: Readonly<Record<string, Cut>> = {
  ...presets,
  ...Object.fromEntries(tenths.map((tenth) => cutAt(tenth, 'closed'))),
  ...Object.fromEntries(tenths.filter((tenth) => tenth % 2 === 0).map((tenth) => cutAt(tenth, 'open'))),
};

function cutAt(tenth: number, close: Cut['close']): readonly [string, Cut] {
  return [`keep=${tenth / 10}:${close}`, { keep: tenth / 10, close }];
}

/** How many of n tokens stay. 1e-9: 0.29 of 100 is 29, whatever its binary representation. */
export const keptTokens = (keep: number, n: number): number => Math.floor(keep * n + 1e-9);

/** Offset at which the cut lies. */
export function cutOffset(keep: number, tokenEnds: readonly number[]): number {
  const kept = keptTokens(keep, tokenEnds.length);
  return kept === 0 ? 0 : (tokenEnds[kept - 1] ?? 0);
}
