// The command line over servers: the same result whatever happens to one of them, nothing run twice, parts that make a whole, and a dry run
// that sends nothing.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../engine/domain/run';
import { eachEvent, listRuns, logFile } from '../../engine/store/runLog';
import { loadModelText } from '../../engine/text/loadModelText';
import type { ModelText } from '../../engine/text/modelText';
import { type OutcomeLine, runCli, splitRun, startCli, temporaryFolder } from '../support/cli';
import { type FakeServer, startFakeServer } from '../support/fakeServer';
import { bundledModel } from '../support/localModel';
import { projectRoot as root } from '../support/paths';

const examples = 12;
const file = path.join(root, 'samples', 'loans-mixed.jsonl');
const conditions = ['--conditions', 'frozen,half-truncated', '--swap', 'nationality=American:Canadian'];
const drawing = ['--samples', '3', '--temperature', '1', '--seed', '5', '--noise', '3'];
const common = ['run', file, ...conditions, ...drawing, '--limit', String(examples), '--tokenizer', bundledModel];

/** What opening a server asks (`probe`). */
const probeRequests = 13;

let text: ModelText;
const servers: FakeServer[] = [];
const folders: string[] = [];
before(async () => {
  text = await loadModelText(bundledModel);
});
after(async () => {
  await Promise.all(servers.map((server) => server.close()));
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = temporaryFolder();
  folders.push(made);
  return made;
}

async function server(options: Partial<Parameters<typeof startFakeServer>[0]> = {}): Promise<FakeServer> {
  const made = await startFakeServer({ text, ...options });
  servers.push(made);
  return made;
}

const at = (...some: readonly FakeServer[]): readonly string[] => some.flatMap(({ url }) => ['--server', url]);
const asLines = ['--json', '--outcomes'];

/** By example and condition: servers answer in any order. */
const sorted = (lines: readonly OutcomeLine[]): readonly OutcomeLine[] =>
  [...lines].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
const keyOf = ({ example, condition, sample }: OutcomeLine): string => `${example} ${condition} ${sample}`;

type Undisturbed = { readonly outcomes: readonly OutcomeLine[]; readonly requests: number };

let expected: Promise<Undisturbed> | null = null;
async function undisturbed(): Promise<readonly OutcomeLine[]> {
  return (await undisturbedRun()).outcomes;
}

function undisturbedRun(): Promise<Undisturbed> {
  expected ??= (async () => {
    const one = await server();
    const { outcomes } = splitRun(await runCli([...common, ...at(one), '--out', folder(), ...asLines]));
    assert.equal(outcomes.length, examples * 2 * (1 + 3));
    return { outcomes: sorted(outcomes), requests: one.counts.arrived - probeRequests };
  })();
  return expected;
}

function countOf(dir: string, type: RunEvent['type']): Map<string, number> {
  const counts = new Map<string, number>();
  eachEvent(dir, (event) => {
    if (event.type === type && 'example' in event) counts.set(event.example, (counts.get(event.example) ?? 0) + 1);
  });
  return counts;
}

describe('a run on servers', () => {
  it('gives outcomes for every example and condition, and says what was sent to whom', async () => {
    const one = await server();
    const result = await runCli([...common, ...at(one), '--out', folder(), ...asLines]);
    assert.deepEqual(sorted(splitRun(result).outcomes), await undisturbed());
    assert.match(result.stderr, /Servers: \d+ requests; [\d,]+ prompt tokens, \d+ % of them found in a prefix cache/);
    assert.doesNotMatch(result.stderr, /are sent to/, 'nothing leaves this machine');
  });

  it('is the same when one of two replicas dies in the middle, and no example is run twice', async () => {
    const [dying, living] = [await server({ answerMs: 20 }), await server({ answerMs: 20 })];
    const out = folder();
    const { result } = startCli([...common, ...at(dying, living), '--out', out, ...asLines]);
    while (dying.counts.answered < 25) await delay(5);
    dying.kill();
    const ended = await result;
    assert.deepEqual(sorted(splitRun(ended).outcomes), await undisturbed());
    const [dir = ''] = listRuns(out);
    const finished = countOf(dir, 'exampleFinished');
    assert.equal(finished.size, examples);
    assert.ok([...finished.values(), ...countOf(dir, 'exampleStarted').values()].every((count) => count === 1));
    const again = dying.counts.arrived + living.counts.arrived - 2 * probeRequests - (await undisturbedRun()).requests;
    assert.ok(again >= 0 && again <= dying.most(), `${again} requests came twice, ${dying.most()} were under way`);
  });

  it('that was killed goes on with what is missing and asks for nothing else', async () => {
    const out = folder();
    const first = await server({ answerMs: 30 });
    const { child, result } = startCli([...common, ...at(first), '--max-in-flight', '2', '--out', out, '--json']);
    for (;;) {
      await delay(10);
      const [dir] = listRuns(out);
      if (dir && fs.readFileSync(logFile(dir), 'utf8').split('"exampleFinished"').length > 4) break;
      assert.equal(child.exitCode, null, 'the run ended before it could be killed');
    }
    child.kill('SIGKILL');
    await result;
    const [dir = ''] = listRuns(out);
    const before = countOf(dir, 'exampleFinished');
    const resumed = splitRun(await runCli(['resume', dir, ...asLines]));
    assert.deepEqual(sorted(resumed.outcomes), await undisturbed());
    assert.ok([...countOf(dir, 'exampleFinished').values()].every((count) => count === 1));
    for (const example of before.keys()) assert.equal(countOf(dir, 'exampleStarted').get(example), 1);
  });

  it('in three parts, merged, is the whole; a part that is missing is run by resuming', async () => {
    const out = folder();
    const dirs: string[] = [];
    for (const index of [1, 2, 3]) {
      const part = splitRun(
        await runCli([...common, ...at(await server()), '--shard', `${index}/3`, '--out', out, ...asLines]),
      );
      assert.equal(part.run.examples, examples / 3);
      dirs.push(part.run.dir);
    }
    const merged = splitRun(await runCli(['merge', ...dirs, '--out', out, ...asLines]));
    assert.deepEqual(sorted(merged.outcomes), await undisturbed());
    const partial = splitRun(await runCli(['merge', ...dirs.slice(0, 2), '--out', out, ...asLines]));
    assert.equal(partial.run.examples, (examples / 3) * 2);
    const whole = splitRun(await runCli(['resume', partial.run.dir, ...asLines]));
    assert.deepEqual(sorted(whole.outcomes), await undisturbed());
    const other = splitRun(await runCli([...common, '--seed', '6', ...at(await server()), '--out', out, ...asLines]));
    const refused = await runCli(['merge', dirs[0] ?? '', other.run.dir, '--out', out]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /is no part of the same run as .*: the spec differs/);
  });

  it('is counted by a dry run, which sends nothing', async () => {
    const one = await server();
    const dry = await runCli([
      ...common,
      ...at(one),
      '--served-model',
      'fake',
      '--dry-run',
      '--price-in',
      '2',
      '--price-out',
      '8',
      '--json',
    ]);
    const counted = JSON.parse(dry.stdout) as Record<string, number>;
    assert.equal(one.counts.arrived, 0);
    assert.equal(counted.examples, examples);
    const { promptTokens = 0, mostWritten = 0, requests = 0, mostPrice = 0 } = counted;
    assert.ok(Math.abs(mostPrice - (promptTokens * 2 + mostWritten * 8) / 1e6) < 1e-9);
    const real = await server();
    await runCli([...common, ...at(real), '--out', folder(), '--json']);
    const sent = real.bodies.slice(probeRequests);
    const samples = sent.reduce((sum, body) => sum + (body.n ?? 1), 0);
    assert.equal(samples, requests, 'every sample counts as a request of its own');
    const sentTokens = sent.reduce((sum, body) => sum + (body.n ?? 1) * body.prompt.length, 0);
    assert.equal(sentTokens, promptTokens);
  });

  it('sends no more requests at once than allowed', async () => {
    const one = await server({ answerMs: 10 });
    await runCli([...common, ...at(one), '--max-in-flight', '3', '--out', folder(), '--json']);
    assert.ok(one.most() <= 3 && one.most() > 1, `${one.most()} at once`);
  });

  it('says what is wrong with an address, a name or a key', async () => {
    const one = await server();
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--server', 'http://127.0.0.1:1'], /nothing listens there/],
      [['--server', 'ftp://x'], /not an http address/],
      [[...at(one), '--served-model', 'gpt-9'], /does not serve "gpt-9" but fake/],
      [[...at(one), '--key-env', 'NO_SUCH_VARIABLE'], /NO_SUCH_VARIABLE is empty or not set/],
      [[...at(one), '--dialect', 'morse'], /no dialect "morse".*vllm/],
      [['--server', 'https://api.anthropic.com/v1', '--served-model', 'claude'], /Anthropic cannot be used/],
      [[...at(one), '--shard', '4/3'], /--shard takes I\/N/],
    ];
    for (const [args, says] of wrong) {
      const { code, stderr } = await runCli([...common, ...args, '--out', folder()]);
      assert.ok(code === 1 || code === 2, `${args.join(' ')}: exit code ${code}`);
      assert.match(stderr, says);
    }
  });

  it('is tried before it is used', async () => {
    const one = await server();
    const { stdout } = await runCli(['server', one.url, '--tokenizer', bundledModel]);
    assert.match(
      stdout,
      /vLLM 0\.0\.0-fake, spoken to as vllm\n {2}model {9}fake \(fake-weights\)\n {2}context {7}4096 tokens/,
    );
    assert.match(stdout, /scores any {4}yes\n/);
  });
});
