// Owns the table of definitions: an entry per measure, column and caveat.
import { baselines } from './baselines';
import { caveatDefinitions } from './caveatDefinitions';
import { counts } from './counts';
import { curveDefinitions } from './curveDefinitions';
import type { Definition } from './definition';
import { measureDefinitions } from './measureDefinitions';
import { readouts } from './readouts';
import { statistics } from './statistics';

export const definitions: readonly Definition[] = [
  ...counts,
  ...baselines,
  ...statistics,
  ...curveDefinitions,
  ...measureDefinitions,
  ...readouts,
  ...caveatDefinitions,
];

/** By id, title or column, without regard to case, spaces and hyphens; `undefined` when there is none. */
export function findDefinition(name: string): Definition | undefined {
  const fold = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const wanted = fold(name);
  const has = (texts: readonly string[]): boolean => texts.some((text) => fold(text) === wanted);
  return (
    definitions.find(({ id, title }) => has([id, title])) ??
    definitions.find(({ columns = [], caveat = '' }) => has([...columns, caveat]))
  );
}

/** The definition of what a table's column shows. */
export const definitionOfColumn = (column: string): Definition | undefined =>
  definitions.find(({ columns }) => columns?.includes(column));
