// What VS Code and translators read (package.json, package.nls.json, the messages) against the sources that it is made of, and what the manifest
// promises against what exists on disk. `node build.mjs manifest` repairs a difference of the first kind.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { contributes } from '../extension/manifest/index';
import { manifestFiles, shownSources } from './support/manifestFiles';
import { findMessages } from './support/messages';
import { projectRoot } from './support/paths';
import { findUntranslated } from './support/untranslated';

interface Manifest {
  readonly main: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as Manifest;

describe('what is made of the sources', () => {
  for (const [file, text] of manifestFiles()) {
    it(`${file} is up to date (else run: node build.mjs manifest)`, () => {
      assert.equal(fs.readFileSync(path.join(projectRoot, file), 'utf8'), text);
    });
  }

  it('asks translations of plain strings alone, which can be found', () => {
    const madeUp = new Map([
      [
        'a.ts',
        "t('It\\'s {0}', x);\nplural('{0} file',\n '{0} files', n); vscode.l10n.t(\n  \"b\"); at('no'); t(words);",
      ],
    ]);
    assert.deepEqual(findMessages(madeUp), {
      messages: ["It's {0}", 'b', '{0} file', '{0} files'],
      opaque: ['a.ts:4'],
    });
    assert.deepEqual(findMessages(shownSources()).opaque, []);
  });
});

describe('words that people see', () => {
  it('can all be translated: vscode.l10n.t in the extension, t of webview/ui/t in pages', () => {
    const page = `html\`<p title="Bad">\${t('good')}<kbd>Enter</kbd>\n\${f(\`{\`)} worse</p>\`;\n// title: 'no'\n`;
    const feature = `new UserError('Bad'); report(error, \`also \${bad}\`);\nf({ label: '$(x) ', title: l10n.t('good') });`;
    const madeUp = new Map(Object.entries({ 'a.ts': page, 'b.ts': feature }));
    assert.deepEqual(
      [...new Set(findUntranslated(madeUp))],
      ['a.ts:1: Bad', 'a.ts:1: worse', 'b.ts:1: Bad', 'b.ts:1: also '],
    );
    assert.deepEqual(findUntranslated(shownSources()), []);
  });
});

describe('package.json', () => {
  it('names entry points that the build makes', () => {
    for (const file of [manifest.main, ...Object.values(manifest.bin)]) {
      assert.ok(fs.existsSync(path.join(projectRoot, file)), `${file} does not exist`);
    }
  });

  it('pins every dependency to one version', () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    assert.deepEqual(
      loose.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
      [],
    );
  });

  it('comes with a lockfile that holds no address of a registry', () => {
    const lock = fs.readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lock, /"resolved":/);
  });

  it('comes with a lockfile that knows the packages of every platform, or npm ci refuses it', () => {
    type Locked = Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>;
    const lock = fs.readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Locked };
    const wanted = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}));
    assert.deepEqual(
      wanted.filter((name) => !(`node_modules/${name}` in packages)),
      [],
    );
  });
});

describe('the contributed menus and views', () => {
  const ids = new Set<string>(contributes.commands.map((command) => command.command));

  it('have at least one command and one menu, each with its own id', () => {
    assert.ok(ids.size > 0 && Object.keys(contributes.menus).length > 0);
    assert.equal(ids.size, contributes.commands.length);
  });

  it('name commands that exist', () => {
    const items: { readonly command?: string; readonly submenu?: string }[] = Object.values(contributes.menus).flat();
    assert.deepEqual(
      items.filter(({ command }) => command !== undefined && !ids.has(command)),
      [],
    );
  });

  it('name pictures that exist', () => {
    const pictures = JSON.stringify(contributes).match(/[^"]+\.(svg|png)/g) ?? [];
    assert.deepEqual(
      pictures.filter((file) => !fs.existsSync(path.join(projectRoot, file))),
      [],
    );
  });
});
