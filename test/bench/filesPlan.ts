// Owns the bench of trace files: a large one and its first tenth, generated for it; `wc -l` beside the index of lines.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { startProcess } from './childProcess';
import type { FilesRequest, FilesSpec } from './filesProcess';
import type { BenchPlan } from './fullPlan';
import type { Step } from './interleaved';
import type { Measured } from './measured';
import { freshStep } from './memory';
import type { RowSpec } from './rows';
import { writeStoredZip } from './storedZip';

const examples = 1_000_000;
const recordBytes = 2000;
const megabytes = (examples * recordBytes) / 1e6;
/** Samples of an Inspect log, and the bytes of each. */
const samples = 2000;
const sampleBytes = 500_000;
const logMegabytes = (samples * sampleBytes) / 1e6;

export async function filesPlan(): Promise<BenchPlan> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-files-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  const large = path.join(folder, 'large.jsonl');
  const small = path.join(folder, 'small.jsonl');
  generate(large, examples);
  generate(small, examples / 10);
  const log = path.join(folder, 'large.eval');
  writeStoredZip(log, logEntries());
  const packed = path.join(folder, 'large.jsonl.gz');
  await pipeline(fs.createReadStream(large), createGzip({ level: 1 }), fs.createWriteStream(packed));
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
      `an Inspect log (.eval) of ${samples} samples of ${sampleBytes} bytes each, ${logMegabytes} MB`,
    ],
    warmsUp: true,
    steps: [
      { key: 'files/wc', measure: async () => countLines(large) },
      step('lines', large, 'lines'),
      step('first', large, 'first'),
      step('first of a tenth', small, 'first'),
      step('idle', large, 'idle'),
    ],
    once: [
      step('whole', large, 'whole'),
      step('last', large, 'last'),
      step('log first', log, 'first'),
      step('log whole', log, 'whole'),
      step('packed first', packed, 'first'),
      step('packed whole', packed, 'whole'),
    ],
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
  firstRow(`${megabytes} MB`, 'files/first'),
  {
    work: 'the same over that of a file of a tenth of the size',
    ratio: (of) => of('files/first') / of('files/first of a tenth'),
    target: { atMost: 1.3 },
  },
  memoryRow(`${megabytes} MB of JSON lines`, 'files/whole', recordBytes / 1e6),
  firstRow('the same packed with gzip', 'files/packed first'),
  memoryRow('the same packed with gzip', 'files/packed whole', recordBytes / 1e6),
  firstRow(`an Inspect log of ${logMegabytes} MB`, 'files/log first'),
  memoryRow(`an Inspect log of ${logMegabytes} MB`, 'files/log whole', sampleBytes / 1e6),
  {
    work: `jump to the last of ${examples} examples, milliseconds`,
    ratio: (of) => of('files/last', 'wallMs'),
    target: { atMost: 50 },
  },
];

function memoryRow(what: string, key: string, recordMb: number): RowSpec {
  return {
    work: `peak memory over the idle process while ${what} is read whole, MB`,
    ratio: (of) => of(key, 'rssMb') - of('files/idle', 'rssMb'),
    target: { atMost: 150 + 5 * recordMb },
  };
}

function firstRow(what: string, key: string): RowSpec {
  return {
    work: `first example of ${what}, seconds`,
    ratio: (of) => of(key, 'wallMs') / 1000,
    target: { atMost: 1 },
  };
}

function* logEntries(): Generator<readonly [string, Buffer]> {
  const head = {
    version: 2,
    eval: { model: 'generated', task: 'bench', created: '', dataset: {}, config: {} },
    plan: {},
  };
  yield ['_journal/start.json', Buffer.from(JSON.stringify(head))];
  for (let at = 0; at < samples; at += 1) yield [`samples/${at}_epoch_1.json`, sample(at)];
}

/** Half of it is reasoning, half events, as in real logs. */
function sample(at: number): Buffer {
  const reasoning = `Sample ${at}. ${'A steady income, no debts, and a small loan to pay back. '.repeat(4400)}`;
  const reply = [
    { type: 'reasoning', reasoning: reasoning.slice(0, sampleBytes / 2) },
    { type: 'text', text: `Answer: ${at % 3 === 0 ? 'deny' : 'approve'}` },
  ];
  const messages = [
    { role: 'user', content: `Should applicant ${at} get the loan?` },
    { role: 'assistant', content: reply },
  ];
  const body = { id: at, epoch: 1, input: '', target: '', messages, output: {}, events: [] };
  const missing = sampleBytes - JSON.stringify(body).length;
  return Buffer.from(JSON.stringify({ ...body, events: ['x'.repeat(Math.max(0, missing - 2))] }));
}

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
  return `${start},"thinking":"${step.repeat(40).slice(0, recordBytes - around)}"}\n`;
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
