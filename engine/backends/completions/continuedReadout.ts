// Owns the continued readout over a server: what was written, as text of the run's own tokenizer where ids are told, up to the stop text.
// Must not know HTTP.
import type { Leaf, LeafEvent, LeafReadout } from '../../domain/job';
import type { ModelText } from '../../text/modelText';
import type { WrittenToken } from './dialect';
import type { Choice } from './endpoint';

type Continued = Extract<LeafReadout, { kind: 'continued' }>;
type Place = {
  readonly leaf: Leaf;
  readonly readout: Continued;
  readonly sample: number;
  readonly before: readonly number[];
};

/** The event of one finished choice. */
export function readContinued(choice: Choice, { leaf, readout, sample, before }: Place, text: ModelText): LeafEvent {
  const own = ownText(choice, text);
  const { written, isStopped } = upToStop(own, readout.stopTexts);
  const ids = choice.ids ?? text.encodeAfter(before, written).ids;
  return {
    type: 'continued',
    leaf: leaf.key,
    sample,
    ids,
    text: written,
    finish: isStopped || choice.finish.reason === 'stop' ? 'stop' : 'length',
    minMargin: leaf.sampling.temperature === 0 ? smallestMargin(choice.tokens) : null,
  };
}

/**
 * Text of the told ids: a server's own text can lack special tokens, or the stop text that ended it. Where ids are missing (some servers
 * drop those of unfinished characters) its text is taken, with the stop text put back.
 */
function ownText({ text: said, ids, finish }: Choice, text: ModelText): string {
  const ends = new Set(text.endIds);
  const decoded = text.decode(ids?.filter((id) => !ends.has(id)) ?? []);
  // A tokenizer that lies with the server may not say which ids end a turn, and does not know those that it never met.
  const isKnown = ids !== null && (ends.size > 0 || finish.reason === 'length') && !decoded.includes('\ufffd');
  if (isKnown && decoded.length >= said.length) return decoded;
  return finish.stopText !== null && !said.endsWith(finish.stopText) ? said + finish.stopText : said;
}

/** Up to and with the first stop text. */
function upToStop(written: string, stopTexts: readonly string[]): { written: string; isStopped: boolean } {
  const ends = stopTexts.map((stop) => [written.indexOf(stop), stop.length] as const).filter(([at]) => at >= 0);
  const [first] = ends.sort(([a], [b]) => a - b);
  return first ? { written: written.slice(0, first[0] + first[1]), isStopped: true } : { written, isStopped: false };
}

/** Gap between the two most likely tokens where it was smallest; `null` where fewer than two were told. */
function smallestMargin(tokens: readonly WrittenToken[]): number | null {
  let smallest: number | null = null;
  for (const { top } of tokens) {
    const [best, second] = top.map(({ logProb }) => logProb).sort((a, b) => b - a);
    if (best === undefined || second === undefined) return null;
    smallest = Math.min(smallest ?? Number.POSITIVE_INFINITY, best - second);
  }
  return smallest;
}
