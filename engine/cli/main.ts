// Owns the command line's frame: which command, its options, help, and exit codes 0 (done), 1 (nothing usable), 2 (usage), 3 (a bug of ours).
import { parseArgs } from 'node:util';
import { type Fix, toFailure } from '../domain/failure';
import { chooseFieldsFix } from '../formats/chooseFormat';
import { versions } from '../service/versions';
import { type Command, type CommandOptions, note, print, UsageError, type Values } from './command';
import { compare } from './compare';
import { doctor } from './doctor';
import { explain } from './explain';
import { exportCommand } from './export';
import { inspect } from './inspect';
import { list } from './list';
import { merge } from './merge';
import { models } from './models';
import { power } from './power';
import { report } from './report';
import { resume } from './resume';
import { run } from './run';
import { server } from './server';
import { show } from './show';

const commands: readonly Command[] = [
  run,
  resume,
  show,
  report,
  compare,
  merge,
  exportCommand,
  list,
  inspect,
  server,
  models,
  doctor,
  explain,
  power,
];

function overview(): string {
  const rows = commands.map((command) => `  ${command.name.padEnd(9)} ${command.about}`);
  return [
    'counterthought: does the written reasoning drive the answer?',
    '',
    'Usage: counterthought COMMAND [OPTIONS]',
    '',
    ...rows,
    '',
    'counterthought COMMAND --help says more. Exit codes: 0 done, 1 nothing usable, 2 wrong usage, 3 a bug.',
  ].join('\n');
}

function help(command: Command): string {
  const names = Object.entries(command.options).map(([name, option]) => ({
    name: `--${name}${option.value ? ` ${option.value}` : ''}`,
    help: option.help,
  }));
  const width = Math.max(...names.map(({ name }) => name.length));
  const rows = names.map((row) => `  ${row.name.padEnd(width)}  ${row.help}`);
  const more = command.more ? ['', command.more()] : [];
  return [`Usage: counterthought ${command.usage}`, '', command.about, '', ...rows, ...more].join('\n');
}

function parse(command: Command, args: readonly string[]): { files: readonly string[]; values: Values } {
  const options: CommandOptions = { help: { type: 'boolean' } };
  for (const [name, { type, multiple }] of Object.entries(command.options)) {
    options[name] = multiple ? { type, multiple } : { type };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { files: positionals, values: values as Values };
  } catch (error) {
    throw new UsageError(optionFault(command, error));
  }
}

/** What Node's parser found wrong, in a sentence that names the option. */
function optionFault(command: Command, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const option = /'(?:-\w, )?(--?[\w-]+)/.exec(message)?.[1];
  if (option === undefined) return message;
  if (message.startsWith('Unknown option')) return `${command.name} has no option ${option}.`;
  if (message.includes('ambiguous'))
    return `${option} is followed by another option; a value with a dash is written ${option}=-X.`;
  return message.includes('does not take') ? `${option} takes no value.` : `${option} needs a value.`;
}

async function dispatch(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [first, ...rest] = args;
  const name = first === '--explain' ? explain.name : first;
  if (name === '--version') print(versions().counterthought ?? '');
  if (name === '--version') return 0;
  if (name === undefined || name === '--help' || name === 'help') print(overview());
  if (name === '--help' || name === 'help') return 0;
  const command = commands.find((one) => one.name === name);
  if (!command) throw new UsageError(name === undefined ? 'Name a command.' : `There is no command "${name}".`);
  const { files, values } = parse(command, rest);
  if (values.help === true) {
    print(help(command));
    return 0;
  }
  return command.run({ files, values, signal });
}

/** The way out that the editor offers as a button, in words of the command line. */
function hereInstead(fix: Fix | undefined): string {
  if (fix?.command !== chooseFieldsFix('').command) return '';
  return ` Here: \`counterthought inspect ${fix.argument} --fields\` shows them all, --map names them.`;
}

function exitCodeOf(error: unknown, args: readonly string[]): number {
  if (error instanceof UsageError) {
    const name = commands.find((one) => one.name === args[0])?.name;
    const wayOut = name
      ? `\`counterthought ${name} --help\` says more.`
      : '`counterthought --help` lists the commands.';
    note(`${error.message} ${wayOut}`);
    return 2;
  }
  const failure = toFailure(error);
  if (failure.kind === 'cancelled')
    note('Cancelled. What was done is kept; `counterthought resume` goes on from there.');
  else if (failure.kind === 'user') note(failure.message + hereInstead(failure.fix));
  else note(`This is a bug in counterthought: ${failure.stack ?? failure.message}`);
  return failure.kind === 'bug' ? 3 : 1;
}

async function main(): Promise<void> {
  const interrupt = new AbortController();
  // A reader that has seen enough (`| head`) closes the pipe: no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());
  const args = process.argv.slice(2);
  const code = await dispatch(args, interrupt.signal).catch((error) => exitCodeOf(error, args));
  // The model's worker thread would keep the process alive; standard output is a pipe that may still be draining.
  process.stdout.write('', () => process.exit(code));
}

void main();
