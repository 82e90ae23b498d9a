// Finds processes that this one started, directly or not: other windows and tests run programs of the same name. Unix only.
import { execFileSync } from 'node:child_process';

/** Process ids of descendants whose command line matches. */
export function ownProcesses(commandLine: RegExp): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
  const table = new Map(
    lines.map((line) => {
      const [pid = '', parent = '', ...args] = line.trim().split(/\s+/);
      return [Number(pid), { parent: Number(parent), args: args.join(' ') }] as const;
    }),
  );
  const descends = (pid: number): boolean =>
    pid === process.pid || (table.has(pid) && descends(table.get(pid)?.parent ?? 0));
  return [...table].filter(([pid, { args }]) => commandLine.test(args) && descends(pid)).map(([pid]) => pid);
}

/** The processes that run models. */
export const enginePids = (): readonly number[] => ownProcesses(/engine\.js engine$/);
