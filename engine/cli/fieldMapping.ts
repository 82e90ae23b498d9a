// Owns how a person names a file's fields on the command line: a mapping in a file, or inline. Must not know what a mapping reads.
import fs from 'node:fs';
import { UserError } from '../domain/failure';
import type { FieldMapping } from '../domain/fieldMapping';
import { parseMapping } from '../formats/mapping';
import { parseJson } from '../formats/records/looseJson';
import { type Command, text, UsageError, type Values } from './command';

/** What every command that reads trace files takes. */
export const mappingOption: Command['options'] = {
  map: {
    type: 'string',
    value: 'FIELDS',
    help: 'where prompt, reasoning and answer are: a JSON file, or prompt=q,reasoning=steps[0].text,answer=reply',
  },
};

/** @throws UserError or UsageError that says what a mapping looks like */
export function mappingIn(values: Values): FieldMapping | undefined {
  const given = text(values, 'map');
  if (given === undefined) return undefined;
  const isFile = !given.includes('=') || fs.existsSync(given);
  if (isFile && !fs.existsSync(given)) throw new UserError(`${given}: there is no such file.`);
  try {
    return parseMapping(isFile ? parseJson(fs.readFileSync(given, 'utf8')) : inlineMapping(given));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isFile) throw new UserError(`${given}: ${reason}`);
    throw new UsageError(`--map: ${reason}`);
  }
}

/** `name=path` pairs between commas; a comma that begins no pair belongs to the path before it. */
function inlineMapping(given: string): unknown {
  const pairs = given.split(/,(?=\s*[a-z]+=)/).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim(), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}
