// A run becomes a folder that a paper can take: every file is there, and the numbers in it are the run's.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { jsonLines, type OutcomeLine, type RunObject, runCli, temporaryFolder } from '../support/cli';
import { projectRoot } from '../support/paths';

const sample = path.join(projectRoot, 'samples', 'loans-mixed.jsonl');

test('report writes page, figures, tables, data and citations', async () => {
  const out = temporaryFolder();
  try {
    const swap = [
      '--swap',
      'nationality=American:Canadian',
      '--conditions',
      'curve:2',
      '--limit',
      '16',
      '--noise',
      '4',
    ];
    const [run] = jsonLines<RunObject>(await runCli(['run', sample, ...swap, '--json', '--out', out]));
    const folder = path.join(out, 'paper');
    const args = ['report', run?.run ?? '', '--runs', out, '--out', folder, '--json'];
    const [made] = jsonLines<{ readonly files: readonly string[] }>(await runCli(args));
    for (const file of made?.files ?? []) assert.ok(fs.statSync(path.join(folder, file)).size > 0, file);
    for (const figure of ['kept-rates', 'dose-response']) {
      for (const form of ['svg', 'pdf', 'csv', 'txt'])
        assert.ok(made?.files.includes(`figures/${figure}.${form}`), form);
    }
    for (const file of ['report.html', 'tables/effects.tex', 'tables/effects.md', 'CITATION.cff', 'citation.bib']) {
      assert.ok(made?.files.includes(file), file);
    }
    const lines = fs.readFileSync(path.join(folder, 'outcomes.jsonl'), 'utf8').trimEnd().split('\n');
    const outcomes = lines.map((line) => JSON.parse(line) as OutcomeLine);
    for (const { alias, kept } of run?.conditions ?? []) {
      const own = outcomes.filter(({ condition, outcome, recorded }) => condition === alias && outcome === recorded);
      assert.equal(own.length, kept, alias);
    }
    const shown = await runCli(['show', run?.run ?? '', '--out', out]);
    assert.match(shown.stderr, /import pandas as pd/);
    const blocked = await runCli(['report', run?.run ?? '', '--runs', out, '--out', path.join(folder, 'report.html')]);
    assert.equal(blocked.code, 1);
    assert.match(blocked.stderr, /cannot be written \((EEXIST|ENOTDIR)\); name another folder with --out/);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
});
