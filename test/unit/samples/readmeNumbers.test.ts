// What documents say can be looked up: the speeds that README.md quotes are those of the recorded results, and every relative link leads somewhere.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '../../support/paths';

const read = (name: string): string => fs.readFileSync(path.join(projectRoot, name), 'utf8');
/** Lines are wrapped anywhere. */
const readme = read('README.md').replace(/\s+/g, ' ');

/** A quoted number, and the row of a results file whose first number it is. */
type Quote = { readonly said: RegExp; readonly file: string; readonly row: string };

const engine = 'test/bench/results.md';
const files = 'test/bench/resultsFiles.md';
const overCalls =
  'the default run of an example (10 conditions, 8 samples of 30 tokens) over independent transformers.js calls, times cheaper';

const quotes: readonly Quote[] = [
  {
    said: /([\d.]+) times cheaper than independent calls of `@huggingface\/transformers` in fp32/,
    file: engine,
    row: `${overCalls} (fp32)`,
  },
  { said: /in fp32, ([\d.]+) times in int4/, file: engine, row: `${overCalls} (int4)` },
  {
    said: /([\d.]+) times cheaper than `node-llama-cpp` with a shared prefix/,
    file: engine,
    row: 'the default run of an example over node-llama-cpp with shared prefix and parallel sequences (int4 over Q4_1)',
  },
  { said: /2 GB: first example after ([\d.]+) s/, file: files, row: 'first example of 2000 MB, seconds' },
  { said: /index of its lines in ([\d.]+) times/, file: files, row: 'index of the lines of 2000 MB over wc -l' },
];

function recorded({ file, row }: Quote): number {
  const line = read(file)
    .split('\n')
    .find((one) => one.startsWith(`| ${row} |`));
  assert.ok(line, `${file} has no row "${row}"`);
  return Number(line.split('|')[2]);
}

describe('the numbers of README.md', () => {
  for (const quote of quotes) {
    it(`quote ${quote.file}: ${quote.row}`, () => {
      const said = quote.said.exec(readme)?.[1];
      assert.ok(said, `README.md does not say ${quote.said}`);
      const digits = said.split('.')[1]?.length ?? 0;
      assert.equal(said, recorded(quote).toFixed(digits), `README.md must say what ${quote.file} has`);
    });
  }
});

describe('the documents', () => {
  for (const document of ['README.md', 'MODELS.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'samples/README.md']) {
    it(`${document} links to what is there`, () => {
      const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
      const lost = links.filter((link) => !fs.existsSync(path.join(projectRoot, path.dirname(document), link)));
      assert.deepEqual(lost, []);
    });
  }
});
