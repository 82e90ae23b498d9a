// Owns the forms in which a verdict's word is written, paired with those of its opposite: approve, approved, approval beside reject,
// rejected, rejection. Must not know where in a text a verdict stands.

/** A spelling of one option and the spelling in its place of the other; lower case. */
export type FormPair = { readonly from: string; readonly to: string };

/** Granting and its refusal, form beside form: base, -s, past, -ing, noun. */
const grantingAndRefusing: readonly (readonly [granting: readonly string[], refusing: readonly string[]])[] = [
  [words('approve approves approved approving approval'), words('reject rejects rejected rejecting rejection')],
  [words('lend lends lent lending loaning'), words('decline declines declined declining declination')],
  [words('grant grants granted granting granting'), words('refuse refuses refused refusing refusal')],
  [words('accept accepts accepted accepting acceptance'), words('deny denies denied denying denial')],
  [words('yes'), words('no')],
];

function words(text: string): readonly string[] {
  return text.split(' ');
}

const side = (index: 0 | 1): readonly string[] => grantingAndRefusing.flatMap((pair) => pair[index]);
const [granting, refusing] = [side(0), side(1)];

/**
 * Every spelling of `option` with that of `other` in the same form. Two options that grant and refuse bring all words that do; plain words
 * bring the regular forms of both; everything else (a letter, a number, a phrase) stands as it is.
 */
export function formPairs(option: string, other: string): readonly FormPair[] {
  const [from, to] = [option.toLowerCase(), other.toLowerCase()];
  // Yes and no answer any question, not only whether to grant something.
  const isGranting = from !== 'yes' && from !== 'no' && to !== 'yes' && to !== 'no';
  if (isGranting && granting.includes(from) && refusing.includes(to)) return paired(granting, refusing);
  if (isGranting && refusing.includes(from) && granting.includes(to)) return paired(refusing, granting);
  return paired(regularForms(from), regularForms(to));
}

/** Of words that stand twice on one side the first pair counts. */
function paired(from: readonly string[], to: readonly string[]): readonly FormPair[] {
  const pairs = from.map((one, i) => ({ from: one, to: to[i] ?? to[0] ?? one }));
  return pairs.filter((pair, i) => pairs.findIndex((earlier) => earlier.from === pair.from) === i);
}

/** The word, and if it is one of four letters or more, -s, -ed and -ing. */
function regularForms(word: string): readonly string[] {
  if (!/^[a-z]{4,}$/.test(word)) return [word, word, word, word];
  const consonantY = /[^aeiou]y$/.test(word);
  const stem = word.endsWith('e') ? word.slice(0, -1) : word;
  const soft = consonantY ? `${word.slice(0, -1)}i` : stem;
  const plural = consonantY ? `${soft}es` : /(?:s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
  return [word, plural, `${soft}ed`, `${stem}ing`];
}

/** The same case: `Approve` → `Reject`, `APPROVE` → `REJECT`; a single letter stays as the options have it. */
export function inCaseOf(was: string, is: string): string {
  if (was.length > 1 && was === was.toUpperCase() && was !== was.toLowerCase()) return is.toUpperCase();
  const first = was.slice(0, 1);
  return first === first.toLowerCase() ? is : is.slice(0, 1).toUpperCase() + is.slice(1);
}
