// Words that people would see in English whatever their language, found in the text of the sources alone: raw text and attributes in the
// templates of pages, and literals where VS Code shows what it is given. Knows neither VS Code nor any view.

import { withoutComments } from './messages';
import type { Sources } from './sourceGraph';

const words = /\p{L}{2,}/u;
/** Attributes that are read out or shown. */
const attribute = /\s(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt|label)="([^"]*)"/g;
/** What stands between these is the name of a key, or drawn. */
const silent = /<(kbd|style)\b[^>]*>.*?<\/\1>/gs;

/** Said in English on purpose. */
const exceptions: Readonly<Record<string, string>> = {
  'extension/manifest/': 'contributed words, which are collected from there',
  'webview/views.ts': 'contributed words',
  'extension/host/engineProcess.ts': 'speaks like the processes that it starts',
  'extension/host/pageSchemas.ts': 'says that a page of ours is broken, to who mends it',
  'extension/trace/traceLayout.ts': 'titles beside the names of roles; what was edited is read back by them',
};

/** Names and examples of input, the same in every language. */
const names = new Set(['SVG', 'CSV', 'pandas', 'owner/name', 'American:Canadian', 'http://localhost:8000/v1']);

/** `file:line: words` for each. */
export function findUntranslated(sources: Sources): string[] {
  return [...sources]
    .filter(([file]) => !Object.keys(exceptions).some((one) => file.startsWith(one)))
    .flatMap(([file, text]) => {
      const code = withoutComments(text);
      return [...inTemplates(code), ...inCalls(code)]
        .filter(({ found }) => !names.has(found))
        .map(({ at, found }) => `${file}:${code.slice(0, at).split('\n').length}: ${found}`);
    });
}

type Found = { readonly at: number; readonly found: string };

function inTemplates(text: string): Found[] {
  return [...text.matchAll(/(?<![.\w])(?:html|svg)`/g)].flatMap(({ 0: start, index }) => {
    const html = staticText(text, index + start.length).replace(silent, '');
    const attributes = [...html.matchAll(attribute)].map(([, value = '']) => value);
    const bare = html.replace(/<[^>]*>/g, '\n').split('\n');
    return [...attributes, ...bare]
      .filter((one) => words.test(one))
      .map((found) => ({ at: index, found: found.trim() }));
  });
}

/** The literal parts of a template that starts there; what is put in by `${}` is left out. */
function staticText(text: string, start: number): string {
  let html = '';
  for (let at = start; at < text.length && text[at] !== '`'; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('${', at)) at = endOfCode(text, at + 2);
    else html += text[at];
  }
  return html;
}

/** Where the brace stands that closes the code which starts there; strings and templates in it are passed over. */
function endOfCode(text: string, start: number): number {
  let depth = 1;
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '`') at = endOfTemplate(text, at + 1);
    else if (sign === "'" || sign === '"') at = endOfString(text, at);
    else if (sign === '{') depth += 1;
    else if (sign === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function endOfTemplate(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '`') {
    if (text[at] === '\\') at += 1;
    else if (text.startsWith('${', at)) at = endOfCode(text, at + 2);
    at += 1;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== text[start]) at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Where VS Code shows what it is given, and where features say what went wrong. */
const shown =
  /(?:\b(?:label|description|detail|title|placeHolder|prompt|tooltip|openLabel|saveLabel|contentText)\??\s*[:=]\s*|\bUserError\(\s*|\bshow(?:Information|Warning|Error)Message\(\s*|\breport\(\s*\w+,\s*)(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)(?!\s+in\b)/g;

function inCalls(text: string): Found[] {
  return [...text.matchAll(shown)].flatMap(({ 1: single, 2: double, 3: template, index }) => {
    const literal = (single ?? double ?? template ?? '').replace(/\$\{[^}]*\}|\$\([a-z-]+\)/g, '');
    return words.test(literal) ? [{ at: index, found: literal }] : [];
  });
}
