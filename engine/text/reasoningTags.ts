// Owns which tags frame a model's reasoning, as far as its template and vocabulary tell, and joining a prompt with a recorded turn
// without writing the opening tag twice. Pure; must not know files.

export type ReasoningTags = { readonly open: string; readonly close: string };

export type TagClues = {
  readonly template: string;
  readonly hasToken: (token: string) => boolean;
  /** The template's prompt, generation prompt included; `null` when it has no template. */
  readonly prompt: string | null;
  /** What the template makes of a turn with these texts as reasoning and answer; `null` when it cannot. */
  readonly turnWith: (reasoning: string, answer: string) => string | null;
};

const knownTags: readonly ReasoningTags[] = [
  { open: '<think>', close: '</think>' },
  { open: '<thinking>', close: '</thinking>' },
  { open: '<reasoning>', close: '</reasoning>' },
  { open: '<thought>', close: '</thought>' },
  { open: '<reason>', close: '</reason>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '◁think▷', close: '◁/think▷' },
  { open: '<seed:think>', close: '</seed:think>' },
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
  { open: '<|thinking|>', close: '<|/thinking|>' },
];

/** The opening tag of a closing one; `null` when it is none that is known. */
export function openingTagOf(close: string): string | null {
  return knownTags.find((tags) => tags.close === close)?.open ?? null;
}

const defaultTags: ReasoningTags = { open: '<think>', close: '</think>' };

/** The tags with the white space of their lines: as the template writes it where it shows it, else a line of their own. */
export function guessReasoningTags(clues: TagClues): ReasoningTags {
  const { open, close } = bareTags(clues);
  const turn = clues.turnWith('REASONING', 'ANSWER') ?? '';
  const promptTail = clues.prompt === null ? null : spaceAfterLast(clues.prompt, open);
  return {
    open:
      open +
      (between(turn, open, 'REASONING') ?? promptTail ?? spaceInSource(clues.template, open, close).after ?? '\n'),
    close: closing(clues.template, { open, close }, turn),
  };
}

function bareTags({ template, hasToken }: TagClues): ReasoningTags {
  const inTemplate = knownTags.find(({ open, close }) => template.includes(open) || template.includes(close));
  return inTemplate ?? knownTags.find(({ open, close }) => hasToken(open) && hasToken(close)) ?? defaultTags;
}

function closing(template: string, { open, close }: ReasoningTags, turn: string): string {
  const source = spaceInSource(template, close, open);
  const before = between(turn, 'REASONING', close) ?? source.before ?? '\n';
  const after = between(turn, close, 'ANSWER') ?? source.after ?? '\n\n';
  return before + close + after;
}

/** White space that stands between two strings in a text; `null` when anything else (or either is missing) does. */
function between(text: string, left: string, right: string): string | null {
  const end = text.lastIndexOf(right);
  const start = end < 0 ? -1 : text.lastIndexOf(left, end - left.length);
  if (start < 0) return null;
  const space = text.slice(start + left.length, end);
  return space.trim() === '' ? space : null;
}

function spaceAfterLast(prompt: string, tag: string): string | null {
  const start = prompt.lastIndexOf(tag);
  const space = start < 0 ? null : prompt.slice(start + tag.length);
  return space !== null && space.trim() === '' ? space : null;
}

type SourceSpace = { readonly before: string | null; readonly after: string | null };

/**
 * White space beside a tag in the template's source, where `\n` may be escaped. The empty block that some templates write to switch
 * reasoning off says nothing about a filled one, nor does a tag that is only searched for.
 */
function spaceInSource(template: string, tag: string, other: string): SourceSpace {
  const source = template.replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  let before: string | null = null;
  let after: string | null = null;
  for (let at = source.indexOf(tag); at >= 0; at = source.indexOf(tag, at + 1)) {
    const left = source.slice(0, at);
    const right = source.slice(at + tag.length);
    const spaceLeft = left.slice(left.trimEnd().length);
    const spaceRight = right.slice(0, right.length - right.trimStart().length);
    if (spaceLeft !== '' && !left.trimEnd().endsWith(other)) before ??= spaceLeft;
    if (spaceRight !== '' && !right.trimStart().startsWith(other)) after ??= spaceRight;
  }
  return { before, after };
}

export type JoinedTurn = { readonly prompt: string; readonly turn: string };

/**
 * A prompt and the turn that follows it. When the prompt ends with the opening tag that the turn begins with (some templates open the
 * reasoning themselves), the tag stays where the record has it: in the turn.
 * @param open the opening tag, with or without white space
 */
export function joinTurn(prompt: string, turn: string, open: string): JoinedTurn {
  const tag = open.trim();
  const bare = prompt.trimEnd();
  if (tag === '' || !bare.endsWith(tag) || !turn.trimStart().startsWith(tag)) return { prompt, turn };
  return { prompt: bare.slice(0, bare.length - tag.length), turn };
}
