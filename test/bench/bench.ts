// Entry of `npm run bench`: [--quick | --files | --servers [--real llama.cpp|vllm] | --workbench] [--repeats N] [--precision fp32|int4]
// [--json FILE].
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../support/paths';
import type { RealPrecision } from '../support/realModel';
import { filesPlan } from './filesPlan';
import { type BenchPlan, fullPlan } from './fullPlan';
import { measureInTurns, type Samples } from './interleaved';
import { describeMachine } from './machine';
import { median } from './measured';
import { quickPlan } from './quickPlan';
import { rowOf } from './rows';
import { type RealServerName, realParts, serversPlan } from './serversPlan';
import { type Result, resultTable } from './table';
import { benchWorkbench } from './workbenchBench';
import { isMet, workbenchTable } from './workbenchRows';

const resultsFile = path.join(projectRoot, 'test/bench/results.md');
const workbenchResultsFile = path.join(projectRoot, 'test/bench/resultsWorkbench.md');
const precisions: readonly RealPrecision[] = ['fp32', 'int4'];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    files: { type: 'boolean', default: false },
    servers: { type: 'boolean', default: false },
    real: { type: 'string' },
    workbench: { type: 'boolean', default: false },
    repeats: { type: 'string' },
    precision: { type: 'string' },
    json: { type: 'string' },
  },
});

/** @throws Error that lists them */
function realServer(): RealServerName | undefined {
  const { real } = options;
  const known = Object.keys(realParts) as RealServerName[];
  const found = known.find((name) => name === real);
  if (real !== undefined && found === undefined) throw new Error(`--real is ${known.join(' or ')}, not ${real}.`);
  return found;
}

function writeServerResults(real: string | undefined, table: string): void {
  const file = real === undefined ? 'resultsServers.md' : `resultsServers-${real}.md`;
  const command = real === undefined ? '--servers' : `--servers --real ${real}`;
  fs.writeFileSync(
    path.join(projectRoot, 'test/bench', file),
    `# Results of \`npm run bench -- ${command}\`\n\n${table}`,
  );
}

async function measurePlan(plan: BenchPlan, repeats: number): Promise<Samples> {
  const report = (line: string): void => console.error(line);
  if (plan.warmsUp) await measureInTurns(plan.steps, 1, () => undefined);
  const samples = await measureInTurns(plan.steps, repeats, report);
  await plan.close();
  return new Map([...samples, ...(await measureInTurns(plan.once, 1, report))]);
}

function planOf(chosen: readonly RealPrecision[]): Promise<BenchPlan> {
  const { quick, files, servers } = options;
  if (files) return filesPlan();
  if (servers) return serversPlan(realServer());
  return quick ? quickPlan() : fullPlan(chosen);
}

async function benchEditor(repeats: number): Promise<void> {
  const result = await benchWorkbench(repeats);
  const table = workbenchTable(result);
  console.log(table);
  const rows = result.rows.map((row) => ({ ...row, median: median(row.values), met: isMet(row) }));
  if (options.json !== undefined)
    fs.writeFileSync(options.json, `${JSON.stringify({ machine: result.machine, rows }, null, 2)}\n`);
  fs.writeFileSync(workbenchResultsFile, `# Results of \`npm run bench -- --workbench\`\n\n${table}`);
}

async function main(): Promise<void> {
  const { quick, files, servers, workbench, real, precision, json } = options;
  const chosen = precisions.filter((one) => precision === undefined || one === precision);
  if (chosen.length === 0) throw new Error(`--precision is ${precisions.join(' or ')}, not ${precision}.`);
  const repeats = Number(options.repeats ?? (quick ? 7 : files || workbench ? 5 : 3));
  if (!Number.isInteger(repeats) || repeats < 1) throw new Error('--repeats is a whole number from 1 on.');
  if (workbench) return benchEditor(repeats);
  const machine = describeMachine();
  const plan = await planOf(chosen);
  const samples = await measurePlan(plan, repeats);
  const rows = plan.rows.map((row) => rowOf(row, samples));
  const loadAverage = Math.max(machine.loadAverage, Math.round(os.loadavg()[0]! * 10) / 10);
  const { about, bounds } = plan;
  const result: Result = { machine: { ...machine, loadAverage }, about, repeats, rows, bounds, samples };
  const table = resultTable(result);
  console.log(table);
  if (json !== undefined) fs.writeFileSync(json, `${JSON.stringify({ machine: result.machine, rows }, null, 2)}\n`);
  if (!quick && !files && !servers && chosen.length === precisions.length)
    fs.writeFileSync(resultsFile, `# Results of \`npm run bench\`\n\n${table}`);
  if (servers) writeServerResults(real, table);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
