// Owns the text of a planted file: a head, and one line a record. Must not know what is planted.
import type { SampleFile, WrittenRecord } from './sampleFiles';

type PlantedAnswers = Readonly<Record<string, { readonly same: string; readonly swapped: string }>>;
type Entry = { readonly recorded?: string; readonly planted?: PlantedAnswers };

export function plantedFile(
  { about, head }: SampleFile,
  written: readonly WrittenRecord[],
  made: Readonly<Record<string, unknown>>,
): string {
  const entries = written.map(({ entry }) => entry);
  const fields = Object.entries({ v: 1, about, ...made, ...head, kept: keptShares(entries) });
  const lines = fields.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  return `{\n${lines.join('')}  "records": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]\n}\n`;
}

/** Planted percentage of kept answers, by trace edit and prompt; empty where odds are planted, not answers. */
function keptShares(entries: readonly Entry[]): object {
  const share = (name: string, arm: 'same' | 'swapped'): number => {
    const kept = entries.filter((entry) => entry.planted?.[name]?.[arm] === entry.recorded).length;
    return Math.round((1000 * kept) / entries.length) / 10;
  };
  const names = Object.keys(entries[0]?.planted ?? {});
  return Object.fromEntries(
    names.map((name) => [name, { same: share(name, 'same'), swapped: share(name, 'swapped') }]),
  );
}
