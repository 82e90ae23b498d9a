// A process between us and a server that we start: it ends the server when our end of its standard input closes, also when we were killed,
// so that no model stays in memory without an owner. Arguments: the program, then the program's own.
import { spawn } from 'node:child_process';

const graceMs = 5000;
const [program = '', ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });

server.on('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(127);
});
server.on('exit', (code, signal) => {
  if (signal !== null) process.stderr.write(`ended by ${signal}\n`);
  process.exit(code ?? 1);
});
process.stdin.on('close', () => {
  server.kill();
  setTimeout(() => server.kill('SIGKILL'), graceMs).unref();
});
process.stdin.resume();
