// Owns the bench of trace files: a large one and its first tenth, generated for it; `wc -l` beside the index of lines.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startProcess } from './childProcess';
import type { FilesRequest, FilesSpec } from './filesProcess';
import type { BenchPlan } from './fullPlan';
import type { Step } from './interleaved';
import type { Measured } from './measured';
import { freshStep } from './memory';
import type { RowSpec } from './rows';

const examples = 1_000_000;
const recordBytes = 500;
const megabytes = (examples * recordBytes) / 1e6;

export async function filesPlan(): Promise<BenchPlan> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-files-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const large = path.join(folder, 'large.jsonl');
  const small = path.join(folder, 'small.jsonl');
  generate(large, examples);
  generate(small, examples / 10);
  let started = 0;
  const start = (file: string) => {
    started += 1;
    const spec: FilesSpec = { path: file, cache: path.join(folder, `cache${started}`) };
    return startProcess<FilesRequest>('filesProcess.js', spec);
  };
  const step = (key: string, file: string, what: FilesRequest['what']): Step =>
    freshStep(`files/${key}`, () => start(file), { what });
  return {
    about: [
      `trace files: ${examples} generated examples of ${recordBytes} bytes, ${megabytes} MB of JSON lines, nothing cached`,
    ],
    warmsUp: true,
    steps: [
      { key: 'files/wc', measure: async () => countLines(large) },
      step('lines', large, 'lines'),
      step('first', large, 'first'),
      step('first of a tenth', small, 'first'),
      step('idle', large, 'idle'),
    ],
    once: [step('whole', large, 'whole'), step('last', large, 'last')],
    rows: fileRows,
    bounds: [],
    close: async () => undefined,
  };
}

const fileRows: readonly RowSpec[] = [
  {
    work: `index of the lines of ${megabytes} MB over wc -l`,
    ratio: (of) => of('files/lines') / of('files/wc'),
    target: { atMost: 2.5 },
  },
  {
    work: `first example of ${megabytes} MB, seconds`,
    ratio: (of) => of('files/first', 'wallMs') / 1000,
    target: { atMost: 1 },
  },
  {
    work: 'the same over that of a file of a tenth of the size',
    ratio: (of) => of('files/first') / of('files/first of a tenth'),
    target: { atMost: 1.3 },
  },
  {
    work: `peak memory over the idle process while ${megabytes} MB are read whole, MB`,
    ratio: (of) => of('files/whole', 'rssMb') - of('files/idle', 'rssMb'),
    target: { atMost: 150 },
  },
  {
    work: `jump to the last of ${examples} examples, milliseconds`,
    ratio: (of) => of('files/last', 'wallMs'),
    target: { atMost: 50 },
  },
];

/** Records of the same size, all different. */
function generate(file: string, count: number): void {
  const handle = fs.openSync(file, 'w');
  const batch = 2000;
  for (let at = 0; at < count; at += batch) {
    fs.writeSync(handle, Array.from({ length: batch }, (_, offset) => record(at + offset)).join(''));
  }
  fs.closeSync(handle);
}

function record(at: number): string {
  const start = JSON.stringify({
    prompt: `Should applicant ${at}, ${at % 2 === 0 ? 'American' : 'Canadian'}, get the loan?`,
    response: `Answer: ${at % 3 === 0 ? 'deny' : 'approve'}`,
    model: 'generated',
  }).slice(0, -1);
  const around = `${start},"thinking":""}\n`.length;
  const step = 'A steady income, no debts, and a small loan to pay back. ';
  return `${start},"thinking":"${step.repeat(9).slice(0, recordBytes - around)}"}\n`;
}

/** As the shell measures it; nothing where there is no bash. */
function countLines(file: string): Measured {
  const args = ['-c', 'TIMEFORMAT=\'%R %U %S\'; time wc -l < "$1"', 'bash', file];
  const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (stderr ?? '').trim().split(' ').map(Number);
  return {
    cpuMs: (user + system) * 1000,
    wallMs: wall * 1000,
    rssMb: Number.NaN,
    peakMb: Number.NaN,
    tokens: Number(stdout),
    ids: [],
  };
}
