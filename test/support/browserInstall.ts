// Finds a browser for tests: the headless Chromium that comes with the project's packages (Linux x64), or the one that
// $COUNTERTHOUGHT_BROWSER names. An installed browser is never picked silently, so that every machine tests the same.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { madeOnce } from './madeOnce';
import { cacheFolder, projectRoot } from './paths';

export interface BrowserInstall {
  readonly executablePath: string;
  /** Environment variables that it needs beyond the inherited ones. */
  readonly env: Readonly<Record<string, string>>;
}

export async function installBrowser(): Promise<BrowserInstall> {
  const chosen = process.env.COUNTERTHOUGHT_BROWSER;
  if (chosen) {
    if (!fs.existsSync(chosen)) throw new Error(`COUNTERTHOUGHT_BROWSER names ${chosen}, which does not exist.`);
    return { executablePath: chosen, env: {} };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No browser is packaged for this system: set COUNTERTHOUGHT_BROWSER to a Chrome, Edge or Chromium.',
    );
  }
  return installPackagedChromium();
}

async function installPackagedChromium(): Promise<BrowserInstall> {
  const packageDir = path.join(projectRoot, 'node_modules/@sparticuz/chromium');
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const home = await madeOnce(path.join(cacheFolder(), `chromium-${version}`), (scratch) =>
    unpackChromium(path.join(packageDir, 'bin'), scratch),
  );
  const executablePath = path.join(home, 'chromium');
  return { executablePath, env: { FONTCONFIG_FILE: writeFontsConfig(home), ...libraryPath(executablePath, home) } };
}

async function unpackChromium(from: string, to: string): Promise<void> {
  await decompress(path.join(from, 'chromium.br'), path.join(to, 'chromium'));
  fs.chmodSync(path.join(to, 'chromium'), 0o755);
  for (const archive of ['al2023.tar', 'fonts.tar', 'swiftshader.tar']) {
    await decompress(path.join(from, `${archive}.br`), path.join(to, archive));
    execFileSync('tar', ['-xf', archive], { cwd: to });
    fs.rmSync(path.join(to, archive));
  }
}

function decompress(from: string, to: string): Promise<void> {
  return pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to));
}

/** Its own libraries (NSS, NSPR) only where the system has none: mixing them with newer system libraries crashes. */
function libraryPath(executablePath: string, home: string): Record<string, string> {
  try {
    execFileSync(executablePath, ['--version'], { stdio: 'ignore' });
    return {};
  } catch {
    return { LD_LIBRARY_PATH: path.join(home, 'lib') };
  }
}

/**
 * Its own fonts for the interface, so that pages look alike everywhere, and because without any font every text has zero width. It has none
 * of fixed width: for editors the system's are used, where it has some.
 */
function writeFontsConfig(home: string): string {
  const file = path.join(home, 'fonts-editor.conf');
  const folders = [path.join(home, 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`).join('');
  const cache = `<cachedir>${path.join(home, 'fonts-editor-cache')}</cachedir>`;
  const aliases = [
    ...['sans-serif', 'system-ui', 'Ubuntu', 'Droid Sans'].map((family) => alias(family, ['Open Sans'])),
    ...['monospace', 'Droid Sans Mono'].map((family) => alias(family, monospaced)),
  ].join('');
  const head = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n';
  fs.writeFileSync(file, `${head}<fontconfig>${folders}${cache}${aliases}</fontconfig>\n`);
  return file;
}

const monospaced = ['DejaVu Sans Mono', 'Liberation Mono', 'Noto Sans Mono', 'Open Sans'];

function alias(family: string, fonts: readonly string[]): string {
  const preferred = fonts.map((font) => `<family>${font}</family>`).join('');
  return `<alias binding="strong"><family>${family}</family><prefer>${preferred}</prefer></alias>`;
}
