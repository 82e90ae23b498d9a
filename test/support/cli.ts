// Runs the built command line as people do, in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectRoot as root } from './paths';

export type CliResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export const builtCli = path.join(root, 'dist', 'cli.js');

export function startCli(
  args: readonly string[],
  cwd = root,
  cli = builtCli,
): { child: ChildProcess; result: Promise<CliResult> } {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.stderr += text;
  });
  const result = new Promise<CliResult>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, result };
}

export const runCli = (args: readonly string[], cwd?: string, cli?: string): Promise<CliResult> =>
  startCli(args, cwd, cli).result;

/** The JSON lines of standard output. @throws with the whole output when the command failed. */
export function jsonLines<T>({ code, stdout, stderr }: CliResult): readonly T[] {
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

export type OutcomeLine = {
  readonly example: string;
  readonly condition: string;
  readonly sample: number;
  readonly recorded: string;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly probabilities: Readonly<Record<string, number>> | null;
  readonly wentOn: boolean;
  readonly text: string;
};

type RateObject = {
  readonly n: number;
  readonly rate: number | null;
  readonly interval: readonly [number, number] | null;
};

export type RunObject = {
  readonly status: string;
  readonly run: string;
  readonly dir: string;
  readonly model: { readonly runtime: string };
  readonly crossModel: boolean;
  readonly examples: number;
  readonly replication: { readonly n: number; readonly kept: number };
  readonly conditions: readonly {
    readonly id: string;
    readonly alias: string;
    readonly n: number;
    readonly kept: number;
    readonly flipped: number;
    readonly unreadable: number;
    readonly keptRate: number | null;
    readonly interval: readonly [number, number] | null;
    readonly noise: { readonly rate: number | null } | null;
    readonly wentOn: number | null;
  }[];
  readonly curves: readonly {
    readonly close: 'open' | 'closed';
    readonly readout: string;
    readonly promptEdit: { readonly id: string };
    readonly points: readonly { readonly keep: number }[];
    readonly area: RateObject;
    readonly gaps: readonly {
      readonly keep: number;
      readonly n: number;
      readonly gap: number | null;
      readonly interval: readonly [number, number] | null;
    }[];
  }[];
  readonly measures: readonly {
    readonly id: string;
    readonly rows: readonly { readonly label: string; readonly value: RateObject }[];
  }[];
};

/** A run with outcome lines: those, and the object that ends the output. */
export function splitRun(result: CliResult): { outcomes: readonly OutcomeLine[]; run: RunObject } {
  const lines = jsonLines<OutcomeLine | RunObject>(result);
  return { outcomes: lines.slice(0, -1) as OutcomeLine[], run: lines.at(-1) as RunObject };
}

export const temporaryFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'counterthought-test-'));
