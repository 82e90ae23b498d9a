// The .vsix that people install: everything that runs must be in it, and nothing that only development needs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../support/paths';
import { openWorkbench, type Workbench } from '../support/workbench';

const sample = 'samples/loans-faithful.jsonl';

describe('the packaged extension', () => {
  const workspace = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-packaged-'));
  let workbench: Workbench;
  let installed: string;

  before(async () => {
    const target = `${process.platform}-${process.arch}`;
    execFileSync(process.execPath, ['build.mjs', 'package', target], { cwd: projectRoot, stdio: 'pipe' });
    const { version } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
      version: string;
    };
    const extension = path.join(projectRoot, 'dist', `counterthought-${target}-${version}.vsix`);
    workbench = await openWorkbench({ workspace, extension });
    installed = installedFolder(path.join(workbench.dataDir, 'extensions'));
  });

  after(async () => {
    await workbench?.dispose();
    fs.rmSync(workspace, { recursive: true, force: true });
  });

  it('holds no source, no test and no file of development', () => {
    const files = fs.readdirSync(installed, { recursive: true, encoding: 'utf8' });
    const own = files.filter((file) => !file.startsWith('node_modules'));
    assert.ok(own.includes(path.join('dist', 'extension.js')));
    const unwanted = /\.(ts|map|mjs|py|test\.js)$|^(test|engine|webview|\.git|\.ci)|lock|biome|tsconfig/;
    assert.deepEqual(
      own.filter((file) => unwanted.test(file)),
      [],
    );
  });

  it('shows its panel, which asks its own engine process for runs', async () => {
    await workbench.runCommand('Counterthought: Show flip rates');
    const frame = await workbench.frame('counterthought.flips');
    await frame.getByText('Re-run a trace file').waitFor({ timeout: 20_000 });
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('re-runs its own samples with its own model', () => {
    const args = ['dist/cli.js', 'run', sample, '--conditions', 'frozen', '--limit', '2', '--out', workspace, '--json'];
    const answer = JSON.parse(
      execFileSync(process.execPath, args, { cwd: installed, encoding: 'utf8', stdio: 'pipe' }),
    );
    assert.equal((answer as { examples: number }).examples, 2);
  });
});

function installedFolder(folder: string): string {
  const names = fs.readdirSync(folder).filter((name) => name.startsWith('counterthought.counterthought-'));
  assert.equal(names.length, 1, `VS Code installed ${names.join(', ') || 'nothing'}`);
  return path.join(folder, names[0] as string);
}
