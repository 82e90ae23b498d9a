// Owns what a command of the command line is: its words, its help, and what it returns. Must not know any particular command.
import type { ParseArgsConfig } from 'node:util';
import { UserError } from '../domain/failure';

export type CommandOptions = NonNullable<ParseArgsConfig['options']>;
export type Values = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type CommandInput = {
  readonly files: readonly string[];
  readonly values: Values;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
};

export type Command = {
  readonly name: string;
  readonly usage: string;
  /** One line for the list of commands. */
  readonly about: string;
  /** Option → its `parseArgs` form and its line of help. */
  readonly options: Readonly<
    Record<
      string,
      {
        readonly type: 'string' | 'boolean';
        readonly value?: string;
        readonly help: string;
        /** May be given several times. */
        readonly multiple?: true;
      }
    >
  >;
  /** What the help says below the options. */
  readonly more?: () => string;
  /** @returns the exit code: 0, or 1 when there was nothing usable. */
  readonly run: (input: CommandInput) => Promise<0 | 1>;
};

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Texts of records and models are untrusted: what would steer a terminal is shown as a replacement character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const tame = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

/** Results go to standard output, everything else to standard error. */
export const print = (text: string): void => void process.stdout.write(`${tame(text)}\n`);
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
export const note = (text: string): void => void process.stderr.write(`${tame(text)}\n`);

export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of an option that may be given several times. */
export function texts(values: Values, name: string): readonly string[] {
  const value = values[name];
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

/** A whole number ≥ `least`. @throws UsageError */
export function count(values: Values, name: string, least = 0): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least) {
    throw new UsageError(`--${name} takes a whole number from ${least}, not "${value}".`);
  }
  return number;
}

/** A number in [0, most]. @throws UsageError */
export function fraction(values: Values, name: string, most: number): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!(number >= 0 && number <= most))
    throw new UsageError(`--${name} takes a number from 0 to ${most}, not "${value}".`);
  return number;
}

/** What is wrong with an option's words is wrong usage. */
export function asUsage<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UserError) throw new UsageError(error.message);
    throw error;
  }
}
