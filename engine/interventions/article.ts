// Owns the English indefinite article: which of `a` and `an` goes before a word, by its sound. Must not know what is swapped.

// Vowel letters that sound as consonants ("yoo", "wun"): a European, a university, a Ukrainian, a one-off; not an uninsured, an urgent.
const soundsConsonant =
  /^(?:eu|ewe|one(?!\p{L})|once(?!\p{L})|u(?:ni(?![mn])|s[aeiu]|t[aeio]|k[eru]|r(?:an|ug|in|o)|gan|biq|vul))/iu;
// Silent h: an hour, an honest, an heir.
const soundsVowel = /^(?:hour|honest|hono|heir)/i;
// Numbers that begin with a vowel when read: 8, 80, 800, 11, 18.
const vowelNumber = /^(?:8|1[18](?!\d))/;
// Letters whose names begin with a vowel: an MBA, an FBI agent.
const vowelLetter = /^[AEFHILMNORSX]/;

/** @param word as written in the middle of a sentence: capitals alone are read letter by letter up to four of them */
export function articleFor(word: string): 'a' | 'an' {
  if (/^\p{N}/u.test(word)) return vowelNumber.test(word) ? 'an' : 'a';
  const first = /^[\p{L}\p{M}]+/u.exec(word)?.[0] ?? '';
  if (/^[A-Z]{1,4}$/.test(first)) return vowelLetter.test(first) ? 'an' : 'a';
  if (soundsVowel.test(word)) return 'an';
  return /^[aeiouáàâäéèêíóöøúåæœ]/i.test(word) && !soundsConsonant.test(word) ? 'an' : 'a';
}

/** The same article for another word, in the same case: `An` for `A` at the start of a sentence, `AN` beside capitals. */
export function articleLike(article: string, word: string, isShouted: boolean): string {
  const wanted = articleFor(word);
  if (isShouted && article === article.toUpperCase()) return wanted.toUpperCase();
  return /^\p{Lu}/u.test(article) ? `A${wanted.slice(1)}` : wanted;
}
