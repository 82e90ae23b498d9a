// Owns the forced readout over a server: the options' tokens are scored exactly where the server tells any token's log-probability, and
// where it does not, the server chooses among the options under a constraint. Must not know HTTP.
import type { Leaf, LeafEvent, OptionIds } from '../../domain/job';
import { greedy } from '../../domain/run';
import type { CompletionRequest, TokenLogProb } from './dialect';
import type { Choice } from './endpoint';
import { type OptionNode, optionNodes } from './requests';

/** What trying showed of the endpoint (`probe`), as far as scoring is concerned. */
export type ScoringAbility = {
  readonly topLogProbs: number;
  readonly wantedIds: boolean;
  readonly forcedToken: boolean;
  readonly choices: boolean;
};

export type ForcedContext = {
  readonly ability: ScoringAbility;
  readonly decode: (ids: readonly number[]) => string;
  /** One answer after the leaf and `further` ids. */
  readonly ask: (further: readonly number[], request: Partial<CompletionRequest>) => Promise<Choice>;
};

export async function readForced(
  leaf: Leaf,
  options: readonly OptionIds[],
  context: ForcedContext,
): Promise<LeafEvent> {
  const scores = new Map<string, ScoredNode>();
  await Promise.all(
    optionNodes(options).map(async (node) => {
      scores.set(keyOf(node.before), await scoreNode(node, context));
    }),
  );
  const bounds = options.map((option) => scoreOption(option, scores));
  const logProbs = bounds.map(({ atMost }) => atMost);
  if (bounds.every(({ isExact }) => isExact)) {
    return { type: 'scored', leaf: leaf.key, logProbs, minMargin: margin(logProbs) };
  }
  return { type: 'chosen', leaf: leaf.key, option: surelyAhead(bounds) ?? (await choose(options, context)) };
}

const keyOf = (ids: readonly number[]): string => ids.join(' ');

/** Log-probabilities by id, and what those that are missing cannot exceed. */
type ScoredNode = { readonly known: ReadonlyMap<number, number>; readonly othersAtMost: number };

async function scoreNode(node: OptionNode, context: ForcedContext): Promise<ScoredNode> {
  const { ability, ask } = context;
  if (ability.topLogProbs === 0) return { known: new Map(), othersAtMost: 0 };
  const wantedIds = ability.wantedIds ? node.next : [];
  const { tokens } = await ask(node.before, { topLogProbs: ability.topLogProbs, wantedIds });
  const [first] = tokens;
  const told = first ? [first, ...first.top] : [];
  const known = new Map<number, number>();
  for (const id of node.next) {
    const found = tokenOf(id, told, context) ?? (await scoreForced(id, node, context));
    if (found !== null) known.set(id, found);
  }
  const ranked = first?.top.map(({ logProb }) => logProb) ?? [];
  return { known, othersAtMost: ranked.length === 0 ? 0 : Math.min(...ranked) };
}

/** A server that tells texts alone is believed where one token alone has that text. */
function tokenOf(id: number, told: readonly TokenLogProb[], { decode }: ForcedContext): number | null {
  const byId = told.find((one) => one.id === id);
  if (byId) return byId.logProb;
  if (told.some((one) => one.id !== null)) return null;
  const text = decode([id]);
  const found = told.slice(1).filter((one) => one.text === text);
  return found.length === 1 ? (found[0]?.logProb ?? null) : null;
}

/** Only this token may be written, and its log-probability is told as if all might. */
async function scoreForced(id: number, node: OptionNode, { ability, ask }: ForcedContext): Promise<number | null> {
  if (!ability.forcedToken) return null;
  const { tokens } = await ask(node.before, { topLogProbs: 1, only: { kind: 'token', id } });
  const [first] = tokens;
  return first && first.id === id && Number.isFinite(first.logProb) ? first.logProb : null;
}

type Bound = { readonly atMost: number; readonly isExact: boolean };

function scoreOption({ ids }: OptionIds, scores: ReadonlyMap<string, ScoredNode>): Bound {
  let atMost = 0;
  let isExact = true;
  ids.forEach((id, at) => {
    const node = scores.get(keyOf(ids.slice(0, at)));
    const logProb = node?.known.get(id);
    isExact &&= logProb !== undefined;
    atMost += logProb ?? node?.othersAtMost ?? 0;
  });
  return { atMost, isExact };
}

/** The option that is known and above all that the others could be; `null` when that is open. */
function surelyAhead(bounds: readonly Bound[]): number | null {
  const exact = bounds.filter(({ isExact }) => isExact).map(({ atMost }) => atMost);
  const best = bounds.findIndex(({ isExact, atMost }) => isExact && atMost === Math.max(...exact));
  const isAhead = best >= 0 && bounds.every(({ atMost }, at) => at === best || atMost < (bounds[best]?.atMost ?? 0));
  return isAhead ? best : null;
}

/** `null` where the server takes no constraint, or does not keep to it. */
async function choose(options: readonly OptionIds[], { ability, ask, decode }: ForcedContext): Promise<number | null> {
  if (!ability.choices) return null;
  const texts = options.map(({ ids }) => decode(ids));
  const maxTokens = Math.max(...options.map(({ ids }) => ids.length)) + 2;
  const { text } = await ask([], { maxTokens, sampling: greedy, only: { kind: 'texts', texts } });
  const chosen = texts.findIndex((one) => one.trim() === text.trim());
  return chosen < 0 ? null : chosen;
}

/** Gap between the best two options. */
function margin(logProbs: readonly number[]): number {
  const [best = 0, second = Number.NEGATIVE_INFINITY] = [...logProbs].sort((a, b) => b - a);
  return best - second;
}
