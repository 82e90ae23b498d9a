// Each thing that people get wrong gives one clear sentence that names it and the way out, and the right exit code.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { runCli, temporaryFolder } from '../support/cli';
import { projectRoot as root } from '../support/paths';

const folder = temporaryFolder();
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

const samples = path.join(root, 'samples', 'loans-mixed.jsonl');
const tiny = path.join(root, 'test', 'fixtures', 'models', 'tiny-qwen2-gqa');

/** A copy of a tiny model with some files left out or replaced. */
function brokenModel(name: string, change: (dir: string) => void): string {
  const dir = path.join(folder, name);
  fs.cpSync(tiny, dir, { recursive: true });
  change(dir);
  return dir;
}

const chatLine = (content: string, reasoning?: string): string =>
  `${JSON.stringify({
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content, ...(reasoning === undefined ? {} : { reasoning_content: reasoning }) },
    ],
  })}\n`;

const cases: readonly {
  readonly what: string;
  readonly args: () => readonly string[];
  readonly code: number;
  readonly says: RegExp;
}[] = [
  { what: 'a wrong path', args: () => ['run', path.join(folder, 'none.jsonl')], code: 1, says: /none\.jsonl/ },
  { what: 'an empty file', args: () => ['run', write('empty.jsonl', '')], code: 1, says: /empty\.jsonl.*empty/ },
  {
    what: 'a file without reasoning',
    args: () => ['run', write('plain.jsonl', chatLine('hello'))],
    code: 1,
    says: /plain\.jsonl.*reasoning/,
  },
  {
    what: 'a file whose fields nobody knows',
    args: () => ['inspect', write('own.json', '[{"q": "1", "musings": "2", "reply": "3"}]')],
    code: 1,
    says: /fields q, musings, reply.*inspect .*own\.json --fields.*--map/,
  },
  {
    what: 'records without an answer',
    args: () => ['run', write('mute.jsonl', chatLine('', 'thinking') + chatLine('', 'more')), '--model', 'bundled'],
    code: 1,
    says: /mute\.jsonl: no answer could be read.*--options/,
  },
  {
    what: 'a swap of words that no prompt has',
    args: () => ['run', samples, '--model', 'bundled', '--limit', '3', '--swap', 'nationality=Amercian:Canadien'],
    code: 1,
    says: /swap:nationality changes none of 3 prompts.*spelling.*--preview/,
  },
  {
    what: 'shuffled options that are not among the answers',
    args: () => {
      const asked = { role: 'user', content: 'Which one?\nA) this\nB) that\nC) neither' };
      const turn = { role: 'assistant', content: '<think>\nHm. This.\n</think>\n\nThe answer is A.' };
      const file = write('letters.jsonl', JSON.stringify({ messages: [asked, turn] }));
      return ['run', file, '--model', 'bundled', '--options', 'A,B', '--conditions', 'frozen+shuffle-options'];
    },
    code: 1,
    says: /list the options A, B, C, .*behind C could not be read.*--options A,B,C/,
  },
  {
    what: 'no model folder',
    args: () => ['run', samples, '--model', path.join(folder, 'nowhere')],
    code: 1,
    says: /nowhere is no model folder.*--model/,
  },
  {
    what: 'a model folder without tokenizer',
    args: () => [
      'run',
      samples,
      '--model',
      brokenModel('noTokenizer', (dir) => fs.rmSync(path.join(dir, 'tokenizer.json'))),
    ],
    code: 1,
    says: /noTokenizer.*tokenizer\.json/,
  },
  {
    what: 'a model folder without weights',
    args: () => ['run', samples, '--model', brokenModel('noWeights', (dir) => fs.rmSync(path.join(dir, 'model.onnx')))],
    code: 1,
    says: /noWeights.*ONNX/i,
  },
  {
    what: 'a truncated model file',
    args: () => [
      'run',
      samples,
      '--model',
      brokenModel('cut', (dir) => fs.truncateSync(path.join(dir, 'model.onnx'), 5000)),
    ],
    code: 1,
    says: /model\.onnx/,
  },
  { what: 'no file', args: () => ['run'], code: 2, says: /needs a trace file/ },
  {
    what: 'an unknown option',
    args: () => ['run', samples, '--modle', 'x'],
    code: 2,
    says: /^run has no option --modle\. `counterthought run --help` says more\.\n$/,
  },
  {
    what: 'an option without its value',
    args: () => ['run', samples, '--seed'],
    code: 2,
    says: /^--seed needs a value/,
  },
  {
    what: 'a value that begins with a dash',
    args: () => ['run', samples, '--seed', '-1'],
    code: 2,
    says: /^--seed is followed by another option; .*--seed=-X/,
  },
  { what: 'a value too many', args: () => ['run', samples, '--json=yes'], code: 2, says: /^--json takes no value/ },
  {
    what: 'a number that is none',
    args: () => ['run', samples, '--limit', 'x'],
    code: 2,
    says: /^--limit takes a whole number/,
  },
  {
    what: 'a mapping that is not there',
    args: () => ['inspect', samples, '--map', path.join(folder, 'none.json')],
    code: 1,
    says: /none\.json: there is no such file/,
  },
  {
    what: 'a dry run without a tokenizer, which no server is asked for',
    args: () => ['run', samples, '--dry-run', '--server', 'http://127.0.0.1:9'],
    code: 1,
    says: /asks no server, so it needs the tokenizer here: --tokenizer DIR/,
  },
  { what: 'an unknown command', args: () => ['ruin'], code: 2, says: /no command "ruin"/ },
  { what: 'a swap that is none', args: () => ['run', samples, '--swap', 'nationality'], code: 2, says: /FIELD=A:B/ },
  {
    what: 'an unknown condition',
    args: () => ['run', samples, '--conditions', 'frosen'],
    code: 2,
    says: /no trace edit "frosen"/,
  },
  {
    what: 'greedy samples',
    args: () => ['run', samples, '--samples', '3', '--temperature', '0'],
    code: 2,
    says: /--temperature above 0/,
  },
  {
    what: 'a run that is not there',
    args: () => ['show', 'xyz', '--out', folder],
    code: 1,
    says: /no run "xyz".*counterthought list/,
  },
  {
    what: 'a broken spec',
    args: () => ['run', '--spec', write('a.cot.json', '{"v":1,"files":[]}')],
    code: 1,
    says: /a\.cot\.json: files/,
  },
];

describe('what people get wrong', () => {
  for (const { what, args, code, says } of cases) {
    it(`${what} is answered with one sentence and exit code ${code}`, async () => {
      const result = await runCli(args(), folder);
      assert.match(result.stderr, says);
      assert.equal(result.code, code, result.stderr);
      assert.equal(result.stdout, '');
      assert.doesNotMatch(result.stderr, /\n\s+at /, 'a stack trace is not an explanation');
    });
  }
});
