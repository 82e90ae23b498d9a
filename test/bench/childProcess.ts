// Owns the conversation between the bench and a measured process: one request at a time, one answer each.
// Must not know what is asked.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { Measured } from './measured';

type Answer = { readonly ok: Measured } | { readonly ready: string } | { readonly failed: string };

export type MeasuredProcess<Request> = {
  /** Name, version and settings of what is measured. */
  readonly about: string;
  readonly ask: (request: Request) => Promise<Measured>;
  readonly close: () => Promise<void>;
};

/** Starts a bundle that lies beside this one and waits until it has loaded. @throws Error with the process's own words */
export async function startProcess<Request>(bundle: string, spec: object): Promise<MeasuredProcess<Request>> {
  const child = fork(path.join(__dirname, bundle), [JSON.stringify(spec)], {
    // No options of this process leak in, and no garbage that a larger heap would keep is counted as memory.
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const first = await nextAnswer(child);
  if (!('ready' in first)) throw new Error(`${bundle} answered before it was ready`);
  const ask = async (request: Request): Promise<Measured> => {
    const answer = nextAnswer(child);
    child.send(request as object);
    const said = await answer;
    if ('ok' in said) return said.ok;
    throw new Error(`${bundle} did not answer what it was asked`);
  };
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  };
  return { about: first.ready, ask, close };
}

function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`The measured process ended with code ${code}.`));
    child.once('exit', ended);
    child.once('message', (answer: Answer) => {
      child.off('exit', ended);
      if ('failed' in answer) reject(new Error(answer.failed));
      else resolve(answer);
    });
  });
}

export type Served<Request> = {
  readonly about: string;
  readonly answer: (request: Request) => Promise<Measured>;
};

/** Runs in the measured process: opens what is measured as the parent specified, then answers until the parent ends it. */
export function serve<Spec, Request>(open: (spec: Spec) => Promise<Served<Request>>): void {
  const say = (answer: Answer): void => void process.send!(answer);
  const fail = (error: unknown): void =>
    say({ failed: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
  process.on('disconnect', () => process.exit());
  open(JSON.parse(process.argv[2] ?? '{}') as Spec).then(({ about, answer }) => {
    process.on('message', (request: Request) => {
      answer(request).then((ok) => say({ ok }), fail);
    });
    say({ ready: about });
  }, fail);
}
