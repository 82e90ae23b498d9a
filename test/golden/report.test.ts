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
      'curve:2,answer-after:*',
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
    const [, first = ''] = fs.readFileSync(path.join(folder, 'tables', 'importance.csv'), 'utf8').split('\r\n');
    assert.match(first, /^[0-9a-f]{64},1,,,,,,,,,-?[\d.e-]+,,,[\d.e-]+,[01]?$/);
    const page = fs.readFileSync(path.join(folder, 'report.html'), 'utf8');
    assert.match(page, /a mean log-probability of −0\.\d\d per token \(16 examples, 95% interval/);
    assert.doesNotMatch(page, /id="means-(off-policy|template-mismatch)"/);
    const shown = await runCli(['show', run?.run ?? '', '--out', out]);
    assert.match(shown.stderr, /import pandas as pd/);
    const blocked = await runCli(['report', run?.run ?? '', '--runs', out, '--out', path.join(folder, 'report.html')]);
    assert.equal(blocked.code, 1);
    assert.match(blocked.stderr, /cannot be written \((EEXIST|ENOTDIR)\); name another folder with --out/);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
});

test('a pilot draws its examples from the whole file and says what the whole would take', async () => {
  const out = temporaryFolder();
  try {
    const args = ['run', sample, '--swap', 'nationality=American:Canadian', '--conditions', 'frozen', '--out', out];
    type PilotObject = {
      readonly pilotExamples: number;
      readonly examples: number;
      readonly expectedMs: number;
      readonly conditions: readonly { readonly alias: string; readonly expectedWidth: number; readonly n: number }[];
    };
    const [pilot] = jsonLines<PilotObject>(await runCli([...args, '--pilot', '--json']));
    assert.deepEqual([pilot?.pilotExamples, pilot?.examples], [30, 244]);
    const swapped = pilot?.conditions.find(({ alias }) => alias === 'frozen+swap:nationality');
    assert.ok(swapped && swapped.n === 30 && swapped.expectedWidth > 0.05 && swapped.expectedWidth < 0.15);
    assert.ok((pilot?.expectedMs ?? 0) > 0);
    const text = await runCli([...args, '--pilot']);
    assert.match(
      text.stdout,
      /^Pilot: 30 examples drawn at random of 244\n.*±\d.*time: about \d+ (ms|s|min) for all\s244/s,
    );
    const small = await runCli([...args, '--pilot', '--limit', '5']);
    assert.match(small.stdout, /^Pilot: 5 examples drawn at random of 5\n/);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
});
