// Every command of this project: node build.mjs <command>. It depends on Node alone; what it needs from npm it installs
// first, whenever the lockfile differs from the one that node_modules was made from.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, 'dist');
const installMarker = path.join(root, 'node_modules', '.counterthought-lock');
const sampleSwap = 'nationality=American:Canadian';

const standardParts = ['layers', 'manifest', 'unit', 'battery', 'golden', 'calibrate', 'workbench'];

const commands = { start, test, code, build, check, manifest, generate, calibrate, bench, package: packageExtension };
commands['test:real'] = () => testParts({ parts: ['real'] });
commands['test:vllm'] = () => testParts({ parts: ['vllm'] });
commands['test:some'] = testSome;
commands.trust = trust;
commands['test:reference'] = () => testParts({ parts: ['reference'] });

/** The TypeScript projects; each is one process (or one promise, for the pure folders) with its own ambient types. */
const projects = [
  'tsconfig.pure.json',
  'engine/tsconfig.json',
  'extension/tsconfig.json',
  'webview/tsconfig.json',
  'samples/tsconfig.json',
  'test/tsconfig.json',
];

// ---- bundles ----------------------------------------------------------------------------------------------------

const nodeBundle = { platform: 'node', target: 'node20', format: 'cjs', external: ['onnxruntime-node'] };

/** Bundle file name -> entry and esbuild options. `vscode` is external in the extension's bundle alone. */
const bundles = {
  'extension.js': { entry: 'extension/extension.ts', ...nodeBundle, external: ['vscode'] },
  'engine.js': { entry: 'engine/service/main.ts', ...nodeBundle },
  'modelWorker.js': { entry: 'engine/lm/modelWorker.ts', ...nodeBundle },
  'serverKeeper.js': { entry: 'engine/backends/gguf/serverKeeper.ts', ...nodeBundle },
  'cli.js': { entry: 'engine/cli/main.ts', ...nodeBundle, banner: { js: '#!/usr/bin/env node' } },
  'generate.js': { entry: 'samples/generate.ts', ...nodeBundle },
};

/** The page: an entry that every view starts from, and a chunk for each view, loaded when it is shown. */
const pageBundle = {
  entryPoints: { main: 'webview/main.ts' },
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  splitting: true,
  minify: true,
  outdir: path.join(dist, 'webview'),
};

const testExternals = ['onnxruntime-node', 'pdfkit', 'playwright-core', 'axe-core', '@sparticuz/chromium', 'esbuild'];

async function build() {
  ensureInstalled();
  await stage('build', async () => {
    const esbuild = await import('esbuild');
    const inputs = {};
    for (const [name, options] of Object.entries(bundles)) Object.assign(inputs, await bundle(esbuild, name, options));
    shareEditorApi(path.join(dist, 'extension.js'));
    Object.assign(inputs, await bundlePage(esbuild));
    await bundleStyles(esbuild);
    copyFontMetrics();
    fs.mkdirSync(dist, { recursive: true });
    fs.writeFileSync(path.join(dist, 'meta.json'), JSON.stringify({ inputs }));
  });
}

const commonBundle = { bundle: true, sourcemap: true, metafile: true, logLevel: 'warning', absWorkingDir: root };

/** Bundles one entry and returns the metafile's inputs, which the layers test reads. */
async function bundle(esbuild, name, { entry, ...options }) {
  const outfile = path.join(dist, name);
  const result = await esbuild.build({ ...commonBundle, ...options, entryPoints: [entry], outfile });
  if (options.banner) fs.chmodSync(outfile, 0o755);
  return result.metafile.inputs;
}

/**
 * The bundler copies a namespace for every file that imports it, and sixty copies of the editor's API are half of the extension's start. All
 * files may share the one object. Of the same length, so that the source map stays right.
 */
function shareEditorApi(file) {
  const [copied, shared] = ['__toESM(require("vscode"))', '       (require("vscode"))'];
  const code = fs.readFileSync(file, 'utf8');
  if (!code.includes(copied)) throw new Error(`${file} holds no ${copied}: look at how it imports the editor's API.`);
  fs.writeFileSync(file, code.replaceAll(copied, shared));
}

/** pdfkit reads the metrics of the fonts that figures use from beside its bundle. */
function copyFontMetrics() {
  const [from, to] = [path.join(root, 'node_modules/pdfkit/js/data'), path.join(dist, 'data')];
  fs.mkdirSync(to, { recursive: true });
  for (const font of ['Helvetica', 'Helvetica-Bold']) {
    fs.copyFileSync(path.join(from, `${font}.afm`), path.join(to, `${font}.afm`));
  }
}

/** The chunks' names hold their hashes, so those of the build before are taken away. */
async function bundlePage(esbuild) {
  fs.rmSync(pageBundle.outdir, { recursive: true, force: true });
  return (await esbuild.build({ ...commonBundle, ...pageBundle })).metafile.inputs;
}

async function bundleStyles(esbuild) {
  const styles = filesUnder(path.join(root, 'webview/styles'), '.css');
  if (styles.length === 0) return;
  const contents = styles.map((file) => `@import ${JSON.stringify(file)};`).join('\n');
  const stdin = { contents, loader: 'css', resolveDir: root };
  await esbuild.build({
    stdin,
    bundle: true,
    minify: true,
    logLevel: 'warning',
    outfile: path.join(dist, 'webview.css'),
  });
}

/** Each test file becomes one self-contained bundle, so that tests run with no loader and no path tricks. */
async function buildTests() {
  await stage('build tests', async () => {
    fs.rmSync(path.join(dist, 'test'), { recursive: true, force: true });
    await bundleTests(filesUnder(path.join(root, 'test'), '.test.ts'));
  });
}

async function bundleTests(entryPoints, outdir = dist) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    ...nodeBundle,
    external: testExternals,
    bundle: true,
    sourcemap: true,
    logLevel: 'warning',
    absWorkingDir: root,
    entryPoints,
    outbase: root,
    outdir: path.resolve(root, outdir),
  });
}

// ---- checks and tests -------------------------------------------------------------------------------------------

/** Type-checks every project and lints; each is one entry of the returned list, counted like a test. */
function runChecks() {
  const checks = projects.map((project) => ({
    name: `types: ${project}`,
    args: ['typescript/bin/tsc', '-p', project],
  }));
  checks.push({ name: 'lint and format', args: ['@biomejs/biome/bin/biome', 'check', '--max-diagnostics=100'] });
  return checks.map(({ name, args }) => {
    const [script, ...rest] = args;
    const result = runNode([path.join(root, 'node_modules', script), ...rest]);
    if (result !== 0) console.log(`FAILED ${name}`);
    return { name, passed: result === 0 };
  });
}

async function check() {
  ensureInstalled();
  const checks = await stage('check', runChecks);
  process.exitCode = checks.every((one) => one.passed) ? 0 : 1;
}

async function test() {
  await testParts({ parts: standardParts, withChecks: true });
}

/** While working: builds and runs the test files whose paths contain one of the given words. */
async function testSome() {
  await build().catch((error) =>
    console.log(`The product does not build (${firstLine(error)}); testing all the same.`),
  );
  const files = filesUnder(path.join(root, 'test'), '.test.ts');
  const chosen = files.filter((file) => rest().some((word) => path.relative(root, file).includes(word)));
  if (chosen.length === 0) throw new Error(`No test file's path contains ${rest().join(' or ') || '(nothing given)'}.`);
  await bundleTests(chosen);
  const built = chosen.map((file) => path.join(dist, path.relative(root, file).replace(/\.ts$/, '.js')));
  process.exitCode = runNode(['--test', '--test-reporter=spec', ...built]);
}

/** The long checks: 100,000 changed records a reader, and every fixture damaged as a file many times; node:test prints the times. */
async function trust() {
  process.env.READER_FUZZ_CASES ??= '100000';
  process.env.FUZZ_CASES ??= '1000';
  const files = ['readerFuzz', 'fuzz'].map((name) => path.join(root, `test/battery/${name}.test.ts`));
  await bundleTests(files, 'dist/trust');
  const built = files.map((file) => path.join(dist, 'trust', path.relative(root, file).replace(/\.ts$/, '.js')));
  process.exitCode = await stage('trust', () => runNode(['--test', '--test-reporter=spec', ...built]));
}

/** Builds, runs the named parts and ends with the one line that a machine reads. */
async function testParts({ parts, withChecks = false }) {
  try {
    await build();
    await buildTests();
  } catch (error) {
    console.log(`FAILED build: ${firstLine(error)}\n0 passed, 1 failed, 0 skipped`);
    process.exitCode = 1;
    return;
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (withChecks) {
    for (const one of await stage('check', runChecks)) counts[one.passed ? 'passed' : 'failed'] += 1;
  }
  const { runPart } = await import('./test/support/runPart.mjs');
  for (const part of parts) {
    const result = await stage(`test ${part}`, () => runPart(dist, part));
    for (const key of Object.keys(counts)) counts[key] += result[key];
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed + counts.skipped === 0 && counts.passed > 0 ? 0 : 1;
}

// ---- what people run --------------------------------------------------------------------------------------------

async function start() {
  await build();
  const samples = path.join('samples', 'loans-mixed.jsonl');
  process.exitCode = runNode(['dist/cli.js', 'run', samples, '--swap', sampleSwap, '--report', ...rest()]);
}

async function code() {
  await build();
  await bundleTests(['test/support/code.ts']);
  process.exitCode = runNode(['dist/test/support/code.js', ...rest()]);
}

async function generate() {
  await build();
  process.exitCode = runNode(['dist/generate.js', ...rest()]);
}

async function calibrate() {
  await build();
  await bundleTests(['test/calibrate/calibrate.ts']);
  process.exitCode = runNode(['dist/test/calibrate/calibrate.js', ...rest()]);
}

/** Bundled beside the tests, not among them: a test run meanwhile leaves it alone. */
async function bench() {
  await build();
  const files = filesUnder(path.join(root, 'test/bench'), '.ts');
  const entryPoints = files.filter((file) =>
    /(bench|scale|(own|files|servers|instant|transformers|llama)Process)\.ts$/.test(file),
  );
  await bundleTests(entryPoints, 'dist/bench');
  const [first, ...others] = rest();
  const [entry, args] = first === '--scale' ? ['scale', others] : ['bench', rest()];
  process.exitCode = runNode([`dist/bench/test/bench/${entry}.js`, ...args]);
}

/** Writes what is made of the sources: package.json's `contributes`, its words, and the messages for translators. */
async function manifest() {
  ensureInstalled();
  await bundleTests(['test/support/writeManifest.ts']);
  process.exitCode = runNode(['dist/test/support/writeManifest.js']);
}

/** macOS's library comes twice under two names; the binding wants this one. */
const nativeFiles = ['*.node', '*.dll', 'libonnxruntime.so.1', 'libonnxruntime.1.dylib'];

/** Makes one .vsix a target (linux-x64, darwin-arm64, ...; default: this machine's), each with its own native code only. */
async function packageExtension() {
  await build();
  for (const target of rest().length > 0 ? rest() : [`${process.platform}-${process.arch}`]) {
    const [platform, arch] = target.split('-');
    const allowed = fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8');
    const folder = `!node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`;
    const native = nativeFiles.map((name) => `${folder}/${name}\n`).join('');
    const ignoreFile = path.join(dist, `vscodeignore-${target}`);
    fs.writeFileSync(ignoreFile, allowed + native);
    const args = [
      'package',
      '--target',
      target,
      '--ignoreFile',
      ignoreFile,
      '--out',
      dist,
      '--allow-missing-repository',
      // The pictures of README lie in a repository that package.json does not name.
      '--no-rewrite-relative-links',
    ];
    if (runNode(['node_modules/@vscode/vsce/vsce', ...args]) !== 0) process.exitCode = 1;
  }
}

// ---- plumbing ---------------------------------------------------------------------------------------------------

/** Installs from the lockfile when node_modules was made from another one (or is not there). */
function ensureInstalled() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
  if (fs.existsSync(installMarker) && fs.readFileSync(installMarker, 'utf8') === wanted) return;
  console.log('Installing the packages of package-lock.json ...');
  const started = Date.now();
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const status = npm?.endsWith('.js')
    ? runNode([npm, ...args])
    : run('npm', args, { shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('npm ci failed; its own message is above. Is the package registry reachable?');
  fs.writeFileSync(installMarker, wanted);
  reportStage('install', started);
}

async function stage(name, action) {
  const started = Date.now();
  const result = await action();
  reportStage(name, started);
  return result;
}

function reportStage(name, started) {
  console.log(`-- ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function runNode(args) {
  return run(process.execPath, args);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Absolute paths of all files under a folder whose name ends so, sorted; none if the folder is not there. */
function filesUnder(folder, ending) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending) && !name.split(path.sep).includes('fixtures'))
    .map((name) => path.join(folder, name))
    .sort();
}

function firstLine(error) {
  return String(error.message ?? error).split('\n')[0];
}

function rest() {
  return process.argv.slice(3);
}

// Stack traces of bundled code, tests included, point into the sources.
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`.trim();

const command = commands[process.argv[2] ?? ''];
if (!command) {
  console.error(`Usage: node build.mjs ${Object.keys(commands).join(' | ')}`);
  process.exitCode = 2;
} else {
  await command().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
