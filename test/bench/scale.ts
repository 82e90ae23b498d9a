// Entry of `npm run bench -- --scale [EXAMPLES]`: a run of 100,000 examples from the command line on a server that answers at once. How much memory
// it takes as it goes, that a kill loses and repeats next to nothing, and that two shards put together are the whole.
import { type ChildProcess, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { eachEvent, listRuns } from '../../engine/store/runLog';
import { builtCli, type RunObject, startCli, temporaryFolder } from '../support/cli';
import { bundledModel } from '../support/localModel';
import { projectRoot } from '../support/paths';
import { startProcess } from './childProcess';
import { describeMachine } from './machine';

const count = Number(process.argv[2] ?? 100_000);
const resultsFile = path.join(projectRoot, 'test/bench/resultsScale.md');
const out = temporaryFolder();
const traces = path.join(out, 'traces.jsonl');

type Watched = { readonly seconds: number; readonly mb: readonly number[]; readonly peakMb: number };

/** The sample loans again and again, each with a number of its own. */
function writeTraces(): void {
  const lines = fs.readFileSync(path.join(projectRoot, 'samples/loans-mixed.jsonl'), 'utf8').trim().split('\n');
  const file = fs.openSync(traces, 'w');
  for (let at = 0; at < count; at += 1) {
    const line = lines[at % lines.length] ?? '';
    fs.writeSync(file, `${line.replace('Policy: mixed.', `Policy: mixed. File ${at}.`)}\n`);
  }
  fs.closeSync(file);
}

const residentMb = (child: ChildProcess): number => {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024;
  } catch {
    return 0;
  }
};

/** Memory at each quarter of the examples, by what the run prints. */
async function watched(args: readonly string[], killAt = 1): Promise<Watched & { readonly stdout: string }> {
  const startedMs = performance.now();
  const { child, result } = startCli(args);
  const mb: number[] = [];
  let peakMb = 0;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(child));
  }, 500);
  child.stderr?.on('data', (text: string) => {
    const done = Number(/(\d+) of \d+ examples/.exec(String(text))?.[1] ?? 0) / count;
    process.stderr.write(String(text));
    if (done >= (mb.length + 1) / 4) mb.push(residentMb(child));
    if (done >= killAt && killAt < 1) child.kill('SIGKILL');
  });
  const { stdout, stderr, code } = await result;
  clearInterval(timer);
  if (code !== 0 && killAt === 1) throw new Error(stderr);
  return { seconds: (performance.now() - startedMs) / 1000, mb, peakMb, stdout };
}

/** Finished examples of a log, each of which must be so once. */
function finishedOnce(dir: string): number {
  const seen = new Set<string>();
  let lines = 0;
  eachEvent(dir, (event) => {
    if (event.type !== 'exampleFinished') return;
    seen.add(event.example);
    lines += 1;
  });
  if (seen.size !== lines) throw new Error(`${dir}: ${lines - seen.size} examples were finished twice.`);
  return lines;
}

const rates = (stdout: string): string =>
  JSON.stringify(
    (JSON.parse(stdout) as RunObject).conditions.map(({ alias, kept, flipped, n }) => [alias, kept, flipped, n]),
  );

async function main(): Promise<void> {
  if (!fs.existsSync(builtCli)) throw new Error('Build first: node build.mjs build.');
  const machine = describeMachine();
  writeTraces();
  const server = await startProcess<object>('instantProcess.js', { tokenizer: bundledModel });
  const answered = async (): Promise<number> => (await server.ask({})).tokens;
  const conditions = ['--conditions', 'half-truncated', '--swap', 'nationality=American:Canadian', '--noise', '0'];
  const where = ['--server', server.about, '--tokenizer', bundledModel, '--max-in-flight', '64', '--json'];
  const run = (to: string, ...more: readonly string[]): readonly string[] => [
    'run',
    traces,
    ...where,
    ...conditions,
    '--out',
    path.join(out, to),
    ...more,
  ];
  const before = await answered();
  const killed = await watched(run('whole'), 0.5);
  const [dir = ''] = listRuns(path.join(out, 'whole'));
  const kept = finishedOnce(dir);
  const resumed = await watched(['resume', dir, '--json']);
  const asked = (await answered()) - before;
  const whole = finishedOnce(dir);
  const shards = await Promise.all([1, 2].map((shard) => watched(run('parts', '--shard', `${shard}/2`))));
  const merged = await watched([
    'merge',
    ...listRuns(path.join(out, 'parts')),
    '--out',
    path.join(out, 'merged'),
    '--json',
  ]);
  const isSame = rates(merged.stdout) === rates(resumed.stdout);
  const mb = (values: readonly number[]): string => values.map((value) => value.toFixed(0)).join(', ');
  const requests = 2 * count;
  const text = `# Results of \`npm run bench -- --scale\`

Machine: ${machine.processor}, ${machine.cores} cores, Node ${machine.node}; load average ${machine.loadAverage}. ${count} examples under a condition with and without a swap, ${requests} requests, 64
examples at once, on a server on the same machine that answers at once: what our side costs, not what a model does.

| what | |
| --- | --- |
| seconds until half of it was done and the process was killed | ${killed.seconds.toFixed(0)} |
| resident MB at each quarter until then | ${mb(killed.mb)} |
| examples finished when it was killed | ${kept} |
| seconds of \`resume\` to the end, with the table | ${resumed.seconds.toFixed(0)} |
| resident MB at each quarter, and the most, with the table | ${mb(resumed.mb)}; ${resumed.peakMb.toFixed(0)} |
| finished examples in the log, each once | ${whole} |
| requests asked beyond ${requests}, because of the kill and of trying the server twice | ${asked - requests} |
| two shards at once, seconds | ${Math.max(...shards.map(({ seconds }) => seconds)).toFixed(0)} |
| \`merge\` of the two, seconds, most MB | ${merged.seconds.toFixed(0)}, ${merged.peakMb.toFixed(0)} |
| merged rates and counts equal those of the whole run | ${isSame ? 'yes' : '**no**'} |
| log of the whole run, MB | ${(fs.statSync(path.join(dir, 'events.jsonl')).size / 1e6).toFixed(0)} |
`;
  console.log(text);
  if (count >= 100_000) fs.writeFileSync(resultsFile, text);
  await server.close();
  fs.rmSync(out, { recursive: true, force: true });
  if (whole !== count || !isSame) process.exitCode = 1;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
