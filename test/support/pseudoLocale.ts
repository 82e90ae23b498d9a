// An invented language for tests: English in accented letters, so that what was not translated stands out. Makes a copy of the extension that
// speaks it, as translators would make one. Knows no view.

import fs from 'node:fs';
import path from 'node:path';
import { projectRoot } from './paths';

/** The name that is kept for such languages. */
export const pseudoLocale = 'qps-ploc';

const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const accented = [...'áƀçđéƒǧĥíĵķłɱñóƥʠŕšţúṽŵẋýžÁɃÇĐÉƑǦĤÍĴĶŁṀÑÓƤɊŔŠŢÚṼŴẊÝŽ'];
/** Values, names of icons, code, keys and addresses of links are not words. */
const untouched = /(\{\d+\}|\$\([^)]*\)|`[^`]*`|\]\([^)]*\))/;

export function pseudo(text: string): string {
  const word = (sign: string): string => accented[plain.indexOf(sign)] ?? sign;
  return text
    .split(untouched)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(/[a-z]/gi, word)))
    .join('');
}

/** A folder that VS Code can load as the extension, with its words in the invented language. */
export function pseudoExtension(folder: string): string {
  fs.mkdirSync(path.join(folder, 'extension/l10n'), { recursive: true });
  for (const linked of ['samples', 'extension/media', 'node_modules']) {
    fs.symlinkSync(path.join(projectRoot, linked), path.join(folder, linked), 'junction');
  }
  // VS Code tells by a program's real place which extension it belongs to.
  const built = path.join(projectRoot, 'dist');
  const isProduct = (file: string): boolean =>
    /^(webview|data)?([\\/].*)?$|\.(js|css)$/.test(path.relative(built, file));
  fs.cpSync(built, path.join(folder, 'dist'), { recursive: true, filter: isProduct });
  for (const file of ['package.json', 'package.nls.json', 'README.md']) {
    fs.copyFileSync(path.join(projectRoot, file), path.join(folder, file));
  }
  for (const base of ['package.nls', 'extension/l10n/bundle.l10n']) {
    const english = JSON.parse(fs.readFileSync(path.join(projectRoot, `${base}.json`), 'utf8')) as Record<
      string,
      string
    >;
    const spoken = Object.fromEntries(Object.entries(english).map(([key, text]) => [key, pseudo(text)]));
    fs.writeFileSync(path.join(folder, `${base}.${pseudoLocale}.json`), JSON.stringify(spoken));
  }
  return folder;
}
