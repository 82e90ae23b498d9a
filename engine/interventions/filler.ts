// Owns the trace edit of Lanham et al. 2023 (arXiv 2307.13702): the words replaced by dots of equal length in tokens, so that the room
// to compute stays and the content goes.
import { bodyEnd } from '../domain/trace';
import type { TraceEdit } from './intervention';
import { cutTrace } from './keepClose';
import { bodyStart } from './stepCores';

const unit = ' ...';

export const filler: TraceEdit = {
  descriptor: {
    id: 'filler',
    title: 'Filler tokens',
    question:
      'Is the answer kept when the reasoning is dots of the same length: do its words matter, or only its room?',
    keep: { unit: 'fraction', value: 1 },
    close: 'closed',
    params: [],
  },
  rewrite: ({ reasoning }, _params, { tokenCount }) => {
    const range = { start: bodyStart(reasoning), end: bodyEnd(reasoning) };
    const wanted = tokenCount(reasoning.slice(range.start, range.end));
    const dots = (units: number): string => (range.start > 0 ? unit.repeat(units).trimStart() : unit.repeat(units));
    const is = dots(mostUnits(wanted, (units) => tokenCount(dots(units))));
    return { changes: [{ range, is }], note: `${tokenCount(is)} tokens of dots for ${wanted}` };
  },
  apply: cutTrace,
};

/** The most units that are no more than `wanted` tokens; tokenizers merge them differently, so they are counted, by halving. */
function mostUnits(wanted: number, countOf: (units: number) => number): number {
  let low = 0;
  let high = 1;
  while (countOf(high) <= wanted && high <= wanted * 8) high *= 2;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (countOf(middle) > wanted) high = middle;
    else low = middle;
  }
  return low;
}
