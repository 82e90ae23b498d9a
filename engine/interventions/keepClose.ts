// Owns cutting a trace: how much of the reasoning a `{keep, close}` leaves, on the grid of the model's tokens.
// Pure; must not know which conditions are named how.
import type { TraceEditSpec } from '../domain/condition';
import { UserError } from '../domain/failure';
import type { CutRecord } from '../domain/run';
import { stepsOf } from '../domain/steps';
import { bodyEnd } from '../domain/trace';
import type { TraceGrid } from './intervention';

/**
 * Where the spec cuts. `fraction`: after k = ⌊value · n⌋ of the n tokens, moved back to the last one that completes a character; all of it
 * is the whole body, whose closing white space belongs to the closing tag. `steps`: after so many sentences or lines, without the white
 * space behind. `offset`: there, or before the character that it would split.
 * @throws UserError for a value that is no number
 */
export function cutTrace(grid: TraceGrid, spec: TraceEditSpec): CutRecord {
  const { keep, close } = spec;
  const { reasoning, tokenEnds } = grid;
  if (!Number.isFinite(keep.value))
    throw new UserError(`The trace edit "${spec.id}" keeps "${keep.value}"; give a number.`);
  const cut = keep.unit === 'fraction' ? cutAtFraction(grid, keep.value) : cutAtOffset(grid, offsetOf(reasoning, spec));
  const removedClosing = close === 'open' ? reasoning.slice(bodyEnd(reasoning)) : '';
  return { ...cut, n: tokenEnds.length, removedClosing };
}

type Cut = Pick<CutRecord, 'k' | 'offset' | 'backedOff'>;

function cutAtFraction({ reasoning, tokenEnds }: TraceGrid, value: number): Cut {
  const n = tokenEnds.length;
  const end = bodyEnd(reasoning);
  if (value >= 1) return { k: n, offset: end, backedOff: false };
  // 1e-9: a fraction such as 0.29 of 100 must not lose a token to its binary representation.
  const asked = Math.max(0, Math.floor(value * n + 1e-9));
  let k = asked;
  while (k > 0 && !isWhole(reasoning, tokenEnds[k - 1])) k -= 1;
  return { k, offset: Math.min(tokenEnds[k - 1] ?? 0, end), backedOff: k < asked };
}

function cutAtOffset({ reasoning, tokenEnds }: TraceGrid, asked: number): Cut {
  const clipped = Math.min(Math.max(0, Math.trunc(asked)), bodyEnd(reasoning));
  const offset = splitsCharacter(reasoning, clipped) ? clipped - 1 : clipped;
  let k = offset === 0 ? 0 : tokenEnds.length;
  while (k > 0 && (tokenEnds[k - 1] ?? Number.POSITIVE_INFINITY) > offset) k -= 1;
  return { k, offset, backedOff: offset < clipped };
}

function offsetOf(reasoning: string, { keep }: TraceEditSpec): number {
  if (keep.unit === 'offset') return keep.value;
  const count = Math.max(0, Math.trunc(keep.value));
  const step = stepsOf(reasoning)[count - 1];
  if (count === 0) return 0;
  return step ? step.start + reasoning.slice(step.start, step.end).trimEnd().length : reasoning.length;
}

const isWhole = (text: string, end: number | null | undefined): boolean =>
  end !== null && end !== undefined && !splitsCharacter(text, end);

/** Whether the offset lies between the two halves of a surrogate pair. */
function splitsCharacter(text: string, offset: number): boolean {
  return offset > 0 && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(offset - 1, offset + 1));
}
