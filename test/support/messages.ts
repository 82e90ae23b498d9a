// The messages that the sources ask translations of, read from their text alone: the first arguments of `vscode.l10n.t` in the editor's part and
// of `t`, `parts` and `plural` everywhere. Knows neither VS Code nor any view.

import type { Sources } from './sourceGraph';

export interface Messages {
  /** Sorted, each once. */
  readonly messages: readonly string[];
  /** `file:line` of calls whose message is no plain string: what is looked up must be known before the program runs. */
  readonly opaque: readonly string[];
}

const call = /(?<![\w.])(?:vscode\.l10n\.t|(t|parts|plural))\(\s*/g;
const string = /(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")\s*,?\s*/y;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

/** `plural` has two messages, for one and for many. */
const messagesOf = (name: string | undefined): number => (name === 'plural' ? 2 : 1);

export function findMessages(sources: Sources): Messages {
  const messages = new Set<string>();
  const opaque: string[] = [];
  for (const [file, text] of sources) {
    const code = withoutComments(text);
    for (const found of code.matchAll(call)) {
      const own = stringsAt(code, found.index + found[0].length, messagesOf(found[1]));
      for (const message of own ?? []) messages.add(message);
      if (!own) opaque.push(`${file}:${code.slice(0, found.index).split('\n').length}`);
    }
  }
  return { messages: [...messages].sort(), opaque };
}

/** As many string literals as are wanted, one after the other; `null` where something else stands. */
function stringsAt(code: string, start: number, wanted: number): readonly string[] | null {
  const found: string[] = [];
  string.lastIndex = start;
  while (found.length < wanted) {
    const match = string.exec(code);
    if (!match) return null;
    found.push((match[1] ?? match[2] ?? '').replace(/\\(.)/g, (_, sign: string) => escapes[sign] ?? sign));
  }
  return found;
}

/** Whole-line comments give way to empty lines, so that places stay. */
export const withoutComments = (text: string): string => text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
