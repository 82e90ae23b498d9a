// Runs one part of the test suite with node:test and counts its tests. Knows nothing of what the parts test.
// A part is a folder of dist/test, or a single file of that name; a part without tests is a failure, not a success.

import fs from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const timeoutMs = 600_000;
/** Of a file that starts vLLM, which takes minutes, and runs every trace three times. */
const vllmTimeoutMs = 1_800_000;

/** Returns how many tests of the part passed, failed and were skipped. */
export async function runPart(dist, part) {
  const files = testFiles(path.join(dist, 'test'), part);
  let counts = files.length > 0 ? await runFiles(files, optionsOf(part)) : none();
  const again = part === 'workbench' ? files.filter((file) => counts.byFile.get(file)?.failed) : [];
  for (const file of again) counts = replaced(counts, file, await runFiles([file], optionsOf(part)));
  if (counts.passed + counts.failed + counts.skipped === 0) {
    console.log(`FAILED ${part}: it has no tests`);
    counts.failed += 1;
  }
  return counts;
}

const none = () => ({ passed: 0, failed: 0, skipped: 0, byFile: new Map() });

/**
 * A browser, an editor, its server and a model share what cores there are, so a file of the workbench that fails is run once more. What then
 * passes is said aloud: it is a race, in the product or in the test, and wants mending.
 */
function replaced(counts, file, second) {
  const first = counts.byFile.get(file);
  const verdict = second.failed === 0 ? 'passed when it was run again' : 'failed twice';
  console.log(`UNSTABLE ${path.basename(file)}: ${first.names.join('; ')}: ${verdict}`);
  const key = (name) => counts[name] - first[name] + second[name];
  return { ...counts, passed: key('passed'), failed: key('failed'), skipped: key('skipped') };
}

const optionsOf = (part) => ({
  concurrency: part === 'workbench' ? 1 : 2,
  timeout: part === 'vllm' ? vllmTimeoutMs : timeoutMs,
});

/** Runs them and counts their tests, in all and by file. */
function runFiles(files, options) {
  const counts = none();
  return new Promise((resolve, reject) => {
    const stream = run({ files, ...options });
    stream.on('test:pass', (event) => count(event, counts, 'passed'));
    stream.on('test:fail', (event) => count(event, counts, 'failed'));
    stream.on('error', reject);
    const report = stream.compose(new spec());
    report.on('end', () => resolve(counts));
    report.on('error', reject);
    report.pipe(process.stdout, { end: false });
  });
}

/** Suites are not tests; a test that is skipped or still to do counts as skipped whatever it returned. */
function count(event, counts, outcome) {
  if (event.details?.type === 'suite') {
    if (outcome === 'failed' && event.details.error?.failureType !== 'subtestsFailed') add(event, counts, 'failed');
    return;
  }
  // Node reports a file without any test as one passed test that bears the file's name.
  const empty = outcome === 'passed' && event.nesting === 0 && event.name.endsWith('.test.js');
  if (empty) console.log(`FAILED ${event.name}: it has no tests`);
  const skipped = event.skip !== undefined || event.todo !== undefined;
  add(event, counts, skipped ? 'skipped' : empty ? 'failed' : outcome);
}

function add(event, counts, outcome) {
  const own = counts.byFile.get(event.file) ?? { passed: 0, failed: 0, skipped: 0, names: [] };
  counts[outcome] += 1;
  own[outcome] += 1;
  if (outcome === 'failed') own.names.push(event.name);
  counts.byFile.set(event.file, own);
}

function testFiles(folder, part) {
  const single = path.join(folder, `${part}.test.js`);
  if (fs.existsSync(single)) return [single];
  const partFolder = path.join(folder, part);
  if (!fs.existsSync(partFolder)) return [];
  const names = fs.readdirSync(partFolder, { recursive: true }).filter((name) => name.endsWith('.test.js'));
  return names.map((name) => path.join(partFolder, name)).sort();
}
