// Owns one llama.cpp server that we start for a GGUF file: finding the program, a loopback port of its own, waiting until the model is
// loaded, its words, its end. Must not know what is asked of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, UserError } from '../../domain/failure';
import { builtFile } from '../builtFile';

export type LlamaServer = {
  /** Base address, on this machine alone. */
  readonly url: string;
  /** Nobody else on this machine can use it without. */
  readonly key: string;
  /** Fires when it has ended, for whatever reason. */
  readonly ended: AbortSignal;
  /** What it said last. */
  readonly lastWords: () => string;
  /** Resolves when it has ended. */
  readonly stop: () => Promise<void>;
};

export type LlamaServerOptions = {
  readonly program: string;
  readonly file: string;
  readonly onLog?: (line: string) => void;
  /** Ends the program while it loads. */
  readonly signal?: AbortSignal;
};

const programNames = process.platform === 'win32' ? ['llama-server.exe'] : ['llama-server'];
const wordsKept = 6;
const loadMs = 10 * 60_000;
const pollMs = 100;

/** Context of the one sequence that is evaluated at a time, in tokens: a long trace, in memory that a laptop has. */
const contextTokens = 16_384;

/** Where llama.cpp's server is: the one that is named, else the first on PATH; `null`: nowhere. */
export function findLlamaServer(named: string | undefined, env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const places = named
    ? [path.resolve(named)]
    : folders.flatMap((dir) => programNames.map((one) => path.join(dir, one)));
  return places.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @throws UserError with its last words when it does not come up; CancelledError when it is no longer wanted, once it has ended */
export async function startLlamaServer(options: LlamaServerOptions): Promise<LlamaServer> {
  const port = await freePort();
  const key = randomBytes(16).toString('hex');
  const child = launch(options, { port, key });
  const words: string[] = [];
  const ended = new AbortController();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void closed.then(() => ended.abort());
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      options.onLog?.(line);
      words.push(line.trim());
      if (words.length > wordsKept) words.shift();
    });
  }
  const server: LlamaServer = {
    url: `http://127.0.0.1:${port}/v1`,
    key,
    ended: ended.signal,
    lastWords: () => words.filter((line) => line !== '').join(' / '),
    stop: async () => {
      child.stdin?.end();
      await closed;
    },
  };
  await ready(server, options, port);
  return server;
}

type Place = { readonly port: number; readonly key: string };

/** One sequence at a time, so that no answer depends on what else is evaluated; what the person sets in llama.cpp's own variables wins. */
function launch({ program, file }: LlamaServerOptions, { port, key }: Place): ChildProcess {
  const ownSetting = (variable: string, words: readonly string[]): readonly string[] =>
    process.env[variable] === undefined ? words : [];
  const args = [
    ...['--model', file, '--host', '127.0.0.1', '--port', String(port)],
    ...ownSetting('LLAMA_ARG_CTX_SIZE', ['--ctx-size', String(contextTokens)]),
    ...ownSetting('LLAMA_ARG_N_PARALLEL', ['--parallel', '1']),
  ];
  const child = spawn(process.execPath, [builtFile('serverKeeper.js'), program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C in a terminal is for us: we end the server when its last answer is recorded.
    detached: process.platform !== 'win32',
    windowsHide: true,
    // A key in the arguments would be seen by everybody who lists processes.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', LLAMA_API_KEY: key },
  });
  // The end of the pipe is told by its process's end.
  child.stdin?.on('error', () => undefined);
  return child;
}

async function ready(server: LlamaServer, options: LlamaServerOptions, port: number): Promise<void> {
  const { program, file, signal } = options;
  for (const untilMs = Date.now() + loadMs; Date.now() < untilMs; await delay(pollMs)) {
    if (signal?.aborted) {
      await server.stop();
      throw new CancelledError();
    }
    if (server.ended.aborted)
      throw new UserError(
        `${program} could not load ${file}: ${server.lastWords() || 'it ended without a word'}. Is the file whole, and the program new enough for it?`,
      );
    const status = await fetch(`http://127.0.0.1:${port}/health`).then(
      (response) => response.status,
      () => null,
    );
    if (status === 200) return;
  }
  await server.stop();
  throw new UserError(`${program} had not loaded ${file} after ${loadMs / 60_000} minutes. ${server.lastWords()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
