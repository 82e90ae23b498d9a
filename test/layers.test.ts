// The architecture as tests: who may import whom, no cycles, nothing unreachable, and the size and naming rules.
// Every rule is first shown to catch a made-up violation, so that none of them can rot into always passing.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { entries, folderCycles, forbiddenImports, layerOf } from './support/layerRules';
import { projectRoot } from './support/paths';
import { findImports, type ImportEdge, readSources, type Sources } from './support/sourceGraph';

const codeFolders = ['engine', 'extension', 'webview', 'samples'];
const sources = withoutDeclarations(readSources(projectRoot, codeFolders, ['.ts']));
const edges = findImports(sources);
const bundled = readMetafile();
const maxLines = 400;

describe('who may import whom', () => {
  it('catches a made-up violation of each kind', () => {
    const found = forbiddenImports(
      findImports(
        new Map([
          ['engine/domain/a.ts', "import fs from 'node:fs';\nimport type { B } from '../wire/b';\n"],
          ['engine/wire/b.ts', "export type { A } from '../domain/a';\n"],
          ['engine/measure/c.ts', "import * as ort from 'onnxruntime-node';\n"],
          ['extension/d.ts', "import type { E } from '../engine/service/contract';\nimport '../engine/lm/f';\n"],
          ['extension/g.ts', "import { E } from '../engine/service/contract';\n"],
          ['engine/service/contract.ts', ''],
          ['engine/lm/f.ts', "const x = await import('../../extension/d');\nimport {\n  A,\n} from '../text/h';\n"],
          ['engine/text/h.ts', 'export type X = import("../store/i").X;\n'],
          ['engine/store/i.ts', ''],
        ]),
      ),
    );
    assert.deepEqual(found, [
      'engine/domain/a.ts imports node:fs (value)',
      'engine/domain/a.ts imports engine/wire/b.ts (type)',
      'engine/measure/c.ts imports onnxruntime-node (value)',
      'extension/d.ts imports engine/lm/f.ts (value)',
      'extension/g.ts imports engine/service/contract.ts (value)',
      'engine/lm/f.ts imports extension/d.ts (dynamic)',
      'engine/text/h.ts imports engine/store/i.ts (type)',
    ]);
  });

  it('holds for every import, types included', () => {
    assert.ok(edges.length > 0);
    assert.deepEqual(forbiddenImports(edges), []);
  });

  it('has a layer for every file', () => {
    assert.deepEqual(
      [...sources.keys()].filter((file) => !layerOf(file)),
      [],
    );
  });

  it('sees every import that the bundler saw', () => {
    const seen = new Set(edges.map(({ from, to }) => `${from} -> ${to}`));
    const missed = bundled.filter(({ from, to, internal }) => internal && !seen.has(`${from} -> ${to}`));
    assert.deepEqual(missed, []);
  });
});

describe('cycles between folders', () => {
  it('catches a made-up cycle', () => {
    const cycle = findImports(
      new Map([
        ['engine/a/x.ts', "import '../b/y';\n"],
        ['engine/b/y.ts', "import type { Z } from '../c/z';\n"],
        ['engine/c/z.ts', "import '../a/x';\n"],
      ]),
    );
    assert.deepEqual(folderCycles(cycle), ['engine/a -> engine/b -> engine/c -> engine/a']);
  });

  it('do not exist', () => {
    assert.deepEqual(folderCycles(edges), []);
  });
});

describe('native code', () => {
  it('is loaded by no entry but the model worker before it is asked for', () => {
    for (const entry of entries.filter((file) => file !== 'engine/lm/modelWorker.ts')) {
      assert.ok(sources.has(entry), `${entry} is missing`);
      assert.ok(!reaches(entry, 'onnxruntime-node'), `${entry} loads ONNX Runtime at start`);
    }
    assert.ok(reaches('engine/lm/modelWorker.ts', 'onnxruntime-node'), 'the search itself finds nothing');
  });
});

describe('files', () => {
  it('are all used, by the product or at least by a test', () => {
    const used = new Set(entries);
    const testEdges = findImports(new Map([...sources, ...readSources(projectRoot, ['test'], ['.ts'])]));
    for (const { to } of testEdges) used.add(to);
    assert.deepEqual(
      [...sources.keys()].filter((file) => !used.has(file)),
      [],
    );
  });

  it(`are at most ${maxLines} lines long`, () => {
    const all = new Map([...sources, ...readSources(projectRoot, ['test', 'webview'], ['.ts', '.mjs', '.css'])]);
    assert.deepEqual(tooLong(new Map([['made-up.ts', 'x\n'.repeat(maxLines + 1)]])), ['made-up.ts']);
    assert.deepEqual(tooLong(all), []);
  });

  it('say first what they own', () => {
    const silent = (files: Sources) =>
      [...files].filter(([, text]) => !/^(\/\/|\/\*)/.test(text)).map(([file]) => file);
    assert.deepEqual(silent(new Map([['made-up.ts', 'export const x = 1;\n']])), ['made-up.ts']);
    assert.deepEqual(silent(sources), []);
  });

  it('are named after what they export, and lists exist only where they are tables', () => {
    const tables =
      /^(engine\/(formats|answers|interventions|backends|measure\/metrics|exports|report\/figures)|extension\/(manifest|features))\/index\.ts$/;
    const bad = (file: string) => {
      const name = path.basename(file, '.ts');
      return /^(utils?|helpers?|manager|types|common|misc)$/i.test(name) || (name === 'index' && !tables.test(file));
    };
    assert.ok(bad('engine/lm/utils.ts') && bad('engine/lm/index.ts') && !bad('engine/formats/index.ts'));
    assert.deepEqual([...sources.keys()].filter(bad), []);
  });
});

describe('the linter', () => {
  it('refuses any, default exports, enums and skipped tests', () => {
    const snippet = "export default function f(x: any) { return x; }\nexport enum E { A }\ntest.skip('x', () => {});\n";
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-lint-'));
    fs.mkdirSync(path.join(folder, 'engine'));
    fs.writeFileSync(path.join(folder, 'engine/madeUp.test.ts'), snippet);
    fs.copyFileSync(path.join(projectRoot, 'biome.json'), path.join(folder, 'biome.json'));
    const biome = path.join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--vcs-enabled=false', 'engine'];
    const result = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    fs.rmSync(folder, { recursive: true });
    for (const rule of ['noExplicitAny', 'noDefaultExport', 'noEnum', 'noSkippedTests']) {
      assert.match(result.stdout + result.stderr, new RegExp(rule));
    }
  });
});

function tooLong(files: Sources): string[] {
  return [...files].filter(([, text]) => text.trimEnd().split('\n').length > maxLines).map(([file]) => file);
}

/** Whether a file's static imports lead to a package, so that loading the file loads the package. */
function reaches(entry: string, goal: string): boolean {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { from, to, kind } of edges) {
      if (from === file && kind === 'value') seen.add(to);
    }
  }
  return seen.has(goal);
}

/** The imports that the bundler resolved, from the metafile that the build leaves in dist/. */
function readMetafile(): ImportEdge[] {
  const file = path.join(projectRoot, 'dist/meta.json');
  type Input = { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] };
  const { inputs } = JSON.parse(fs.readFileSync(file, 'utf8')) as { inputs: Record<string, Input> };
  return Object.entries(inputs)
    .filter(([from]) => codeFolders.some((folder) => from.startsWith(`${folder}/`)) && from.endsWith('.ts'))
    .flatMap(([from, { imports }]) =>
      imports.map(({ path: to, external }) => {
        const internal = !external && codeFolders.some((folder) => to.startsWith(`${folder}/`));
        return { from, to, kind: 'value' as const, internal };
      }),
    );
}

function withoutDeclarations(all: Sources): Sources {
  return new Map([...all].filter(([file]) => !file.endsWith('.d.ts')));
}
