// Owns one engine process: started when first asked, its end noticed and explained, started anew by the next question.
// Must not know vscode, nor what is asked.
import { type ChildProcess, fork } from 'node:child_process';
import { UserError } from '../../engine/domain/failure';
import type { EngineContract } from '../../engine/service/contract';
import { type Client, wireVersion } from '../../engine/wire/contract';
import { connect } from '../../engine/wire/peer';
import type { Port } from '../../engine/wire/port';
import { childPort } from '../../engine/wire/processPort';

export type EngineState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'failed'; readonly reason: string };

export type EngineProcessOptions = {
  /** Path of the program to fork. */
  readonly script: string;
  /** What it is for, as an argument: it tells the processes apart in a list of processes. */
  readonly role: 'engine' | 'reader';
  /** How people call it; begins sentences. */
  readonly name: string;
  readonly onLog: (line: string) => void;
  readonly onState: (state: EngineState) => void;
};

export type EngineProcess = {
  readonly ask: Client<EngineContract>['ask'];
  readonly state: () => EngineState;
  /** Ends the process; the next question starts another one. */
  readonly stop: () => void;
};

type Session = { readonly child: ChildProcess; readonly port: Port; readonly client: Client<EngineContract> };

/** A process that does not leave by itself when its channel closes is killed after this long. */
const exitGraceMs = 2000;

export function createEngineProcess(options: EngineProcessOptions): EngineProcess {
  let session: Session | null = null;
  let greeted: Promise<void> | null = null;
  let state: EngineState = { kind: 'stopped' };

  const change = (next: EngineState): void => {
    state = next;
    options.onState(next);
  };

  function begin(): Session {
    change({ kind: 'starting' });
    const child = forkQuietly(options);
    const port = childPort(child, options.name);
    const started: Session = { child, port, client: connect<EngineContract>(port) };
    port.onClose((reason) => {
      if (session !== started) return;
      session = null;
      greeted = null;
      change({ kind: 'failed', reason });
      options.onLog(reason);
    });
    session = started;
    return started;
  }

  async function greet({ client, child }: Session): Promise<void> {
    const answer = await client.ask('hello', { wire: wireVersion });
    if (answer.wire !== wireVersion) {
      throw new UserError(`${options.name} is of another version than the editor's part. Reload the window.`);
    }
    change({ kind: 'ready', pid: child.pid ?? 0 });
  }

  const stop = (): void => {
    const stopped = session;
    session = null;
    greeted = null;
    if (!stopped) return;
    stopped.port.close();
    setTimeout(() => stopped.child.exitCode ?? stopped.child.kill('SIGKILL'), exitGraceMs).unref();
    change({ kind: 'stopped' });
  };

  const ask: EngineProcess['ask'] = async (method, params, callOptions) => {
    const current = session ?? begin();
    greeted ??= greet(current);
    await greeted.catch((error: unknown) => {
      if (session === current) stop();
      throw error;
    });
    return current.client.ask(method, params, callOptions);
  };
  return { ask, state: () => state, stop };
}

function forkQuietly({ script, role, onLog }: EngineProcessOptions): ChildProcess {
  const child = fork(script, [role], {
    serialization: 'advanced',
    execArgv: [],
    silent: true,
    // The desktop editor's own program behaves as Node only when told so; elsewhere the variable means nothing.
    // The last one lets downloads go through the proxy that the environment names, where this Node knows it.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_USE_ENV_PROXY: '1' },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => onLog(chunk.toString('utf8').trimEnd()));
  }
  return child;
}
