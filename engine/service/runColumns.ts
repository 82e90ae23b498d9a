// Owns what lists of a run's examples are made of, as columns of numbers: a few bytes an example and condition, so that a list of 100,000
// is searched in a moment, and the same as bytes, to keep on disk. What else a row shows is read from the log, where the columns say.
// Must not know what is asked of a list.
import type { Condition } from '../domain/condition';
import { type ConditionId, conditionId } from '../domain/ids';
import type { RunManifest } from '../domain/run';
import type { ExampleState, RunState } from '../domain/runState';
import { dropsUnder, recordedProbability } from './outcomeOrder';
import { type GroupColumn, groupColumns } from './runGroups';
import { optionOf } from './summary';

/** Codes of outcomes; what follows them are the words, counted from there. */
export const noSample = 0;
export const unreadable = 1;
export const firstWord = 2;

export type ConditionColumn = {
  /** Most samples that an example has. */
  readonly samples: number;
  /** Outcome codes, `samples` an example. */
  readonly outcomes: Uint16Array;
  /** Exact probability of the recorded answer, NaN where there is none; `null`: nowhere. */
  readonly probabilities: Float64Array | null;
  /** By how much less probable the recorded answer is than under the control, NaN where that cannot be said. */
  readonly drops: Float64Array;
};

/** Of the examples that are closed, by rising ordinal. */
export type RunColumns = {
  readonly length: number;
  /** Where its facts lie in the log, in bytes. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Index of the recorded answer among the words. */
  readonly recorded: Uint16Array;
  readonly words: readonly string[];
  readonly conditions: ReadonlyMap<ConditionId, ConditionColumn>;
  /** What tells the examples apart, as far as the run itself says. */
  readonly groupings: readonly GroupColumn[];
  readonly ids: () => readonly string[];
};

/** Words and their numbers, in the order in which they were met. */
class Words {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  number(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    this.#numbers.set(word, this.all.length);
    return this.all.push(word) - 1;
  }
}

export function columnsOf(state: RunState, manifest: RunManifest): RunColumns {
  const closed = [...state.examples.values()].filter(({ logEnd }) => logEnd !== null);
  closed.sort((a, b) => a.ordinal - b.ordinal);
  const words = new Words();
  const conditions = manifest.conditions.map(
    (condition) => [condition.id, conditionColumn(closed, condition, { manifest, words })] as const,
  );
  return {
    length: closed.length,
    starts: Float64Array.from(closed, ({ logStart }) => logStart),
    ends: Float64Array.from(closed, ({ logEnd }) => logEnd ?? 0),
    recorded: Uint16Array.from(closed, ({ recorded }) => words.number(recorded)),
    words: words.all,
    conditions: new Map(conditions),
    groupings: groupColumns(closed),
    ids: () => closed.map(({ example }) => example),
  };
}

function conditionColumn(
  closed: readonly ExampleState[],
  condition: Condition,
  { manifest, words }: { readonly manifest: RunManifest; readonly words: Words },
): ConditionColumn {
  const { id } = condition;
  const samples = closed.reduce((most, { results }) => Math.max(most, results.get(id)?.length ?? 0), 0);
  const outcomes = new Uint16Array(closed.length * samples);
  closed.forEach(({ results }, index) => {
    (results.get(id) ?? []).forEach((digest, sample) => {
      const option = optionOf(digest);
      outcomes[index * samples + sample] = option === null ? unreadable : firstWord + words.number(option);
    });
  });
  const probabilities = Float64Array.from(
    closed,
    (example) => recordedProbability(example, id, manifest.options) ?? Number.NaN,
  );
  const dropOf = dropsUnder(condition, manifest);
  const drops = Float64Array.from(closed, (example) => dropOf(example) ?? Number.NaN);
  const isScored = probabilities.some((probability) => !Number.isNaN(probability));
  return { samples, outcomes, probabilities: isScored ? probabilities : null, drops };
}

/** Columns without their numbers, as JSON. */
export type PackedColumns = {
  readonly length: number;
  readonly words: readonly string[];
  readonly conditions: readonly { readonly id: string; readonly samples: number; readonly isScored: boolean }[];
  readonly groupings: readonly Omit<GroupColumn, 'codes'>[];
};

export function packColumns(columns: RunColumns): { readonly header: PackedColumns; readonly parts: Uint8Array[] } {
  const { length, words, starts, ends, recorded } = columns;
  const conditions = [...columns.conditions];
  const header: PackedColumns = {
    length,
    words,
    conditions: conditions.map(([id, { samples, probabilities }]) => ({
      id,
      samples,
      isScored: probabilities !== null,
    })),
    groupings: columns.groupings.map(({ codes: _, ...named }) => named),
  };
  const arrays = [
    starts,
    ends,
    recorded,
    ...conditions.flatMap(([, { outcomes, drops, probabilities }]) => [
      outcomes,
      drops,
      ...(probabilities ? [probabilities] : []),
    ]),
    ...columns.groupings.map(({ codes }) => codes),
  ];
  return { header, parts: [...arrays.map(asBytes), Buffer.from(columns.ids().join('\n'))] };
}

const asBytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** The inverse of {@link packColumns}, which wrote exactly these bytes. */
export function unpackColumns(header: PackedColumns, body: Uint8Array): RunColumns {
  const { length, words } = header;
  let at = 0;
  /** A copy, because numbers must lie at multiples of their size. */
  const take = (bytes: number): ArrayBuffer => {
    const from = body.byteOffset + at;
    at += bytes;
    return body.buffer.slice(from, from + bytes) as ArrayBuffer;
  };
  const doubles = (): Float64Array => new Float64Array(take(8 * length));
  const shorts = (many: number): Uint16Array => new Uint16Array(take(2 * many));
  const [starts, ends, recorded] = [doubles(), doubles(), shorts(length)];
  const conditions = header.conditions.map(({ id, samples, isScored }) => {
    const [outcomes, drops] = [shorts(length * samples), doubles()];
    return [conditionId(id), { samples, outcomes, drops, probabilities: isScored ? doubles() : null }] as const;
  });
  const groupings = header.groupings.map((named) => ({ ...named, codes: new Uint8Array(take(length)) }));
  const ids = body.subarray(at);
  let split: readonly string[] | null = null;
  return {
    ...{ length, words, starts, ends, recorded, groupings },
    conditions: new Map(conditions),
    ids: () => (split ??= length === 0 ? [] : Buffer.from(ids).toString().split('\n')),
  };
}
