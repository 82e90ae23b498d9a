// Owns the port between a process and its child, over Node's IPC (`serialization: 'advanced'` on the forking side).
// The only file of the wire that knows Node.
import type { ChildProcess } from 'node:child_process';
import type { Frame } from './contract';
import { type OpenPort, openPort } from './openPort';
import type { Port } from './port';

/** A broken channel is usually followed by the exit that explains it; so long is waited for the better reason. */
const exitGraceMs = 500;

/** The forking side. `name` is how people call the child: it begins the sentence that says why the port ended. */
export function childPort(child: ChildProcess, name: string): Port {
  const open = openPort({
    post: (frame) => child.send(frame, (error) => error && open.end(`${name} cannot be reached: ${error.message}.`)),
    release: () => child.connected && child.disconnect(),
  });
  child.on('message', (message) => open.deliver(message as Frame));
  child.on('error', (error) => open.end(`${name} could not be started: ${error.message}.`));
  child.on('exit', (code, signal) => open.end(exitReason(name, code, signal)));
  child.on('disconnect', () => endAfterGrace(open, `${name} closed the connection.`));
  return open.port;
}

/** The child's side. @throws Error when this process was not forked. */
export function parentPort(self: NodeJS.Process): Port {
  if (!self.send) throw new Error('This program is started by the editor or by a test, not by hand.');
  const open = openPort({
    // A callback, though it does nothing: without one a failed send is thrown as an uncaught error of the process.
    post: (frame) => self.send?.(frame, undefined, undefined, () => {}),
    release: () => self.connected && self.disconnect(),
  });
  self.on('message', (message) => open.deliver(message as Frame));
  self.on('disconnect', () => open.end('The process that asked is gone.'));
  return open.port;
}

function endAfterGrace(open: OpenPort, reason: string): void {
  setTimeout(() => open.end(reason), exitGraceMs).unref();
}

function exitReason(name: string, code: number | null, signal: string | null): string {
  if (signal === 'SIGKILL') return `${name} was killed (SIGKILL), as happens when memory runs out.`;
  return signal === null ? `${name} stopped with exit code ${code}.` : `${name} was stopped by ${signal}.`;
}
