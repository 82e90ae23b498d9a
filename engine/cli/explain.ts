// Owns `counterthought explain`: what a number, a mark or a word of a run's output means exactly.
import { UserError } from '../domain/failure';
import type { Definition } from '../report/definitions/definition';
import { definitions, findDefinition } from '../report/definitions/definitions';
import { type Command, print, printJson } from './command';

export const explain: Command = {
  name: 'explain',
  usage: 'explain [NAME] [OPTIONS]',
  about: 'Says what a measure or a caveat means: formula, source, pitfalls; without a name, lists them.',
  options: { json: { type: 'boolean', help: 'one JSON object, or an array of all' } },
  run: async ({ files, values }) => {
    const name = files.join(' ');
    const found = name === '' ? null : lookUp(name);
    if (values.json === true) printJson(found ?? definitions);
    else print(found ? pageOf(found) : listing());
    return 0;
  },
};

/** @throws UserError that names those that come closest */
function lookUp(name: string): Definition {
  const found = findDefinition(name);
  if (found) return found;
  const words = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const near = definitions.filter(({ id, title }) =>
    words.some((word) => word.length > 2 && `${id} ${title.toLowerCase()}`.includes(word)),
  );
  const names = (near.length > 0 ? near : definitions).map(({ id }) => id).join(', ');
  throw new UserError(`There is no definition "${name}". ${near.length > 0 ? 'Near it' : 'There are'}: ${names}.`);
}

function listing(): string {
  const width = Math.max(...definitions.map(({ id }) => id.length));
  return definitions.map(({ id, about }) => `${id.padEnd(width)}  ${about}`).join('\n');
}

function pageOf({ id, title, about, formula, source, pitfalls, advice }: Definition): string {
  const list = (items: readonly string[]): string => items.map((item) => `  - ${item}`).join('\n');
  return [
    `${title} (${id})`,
    about,
    `Formula\n  ${formula}`,
    `Comes from\n  ${source}`,
    `Beware\n${list(pitfalls)}`,
    `What to do\n${list(advice)}`,
  ].join('\n\n');
}
