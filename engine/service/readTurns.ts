// Owns reading one record in its format, with what is wrong with it as a value: a bad record never stops the others.
import { UserError } from '../domain/failure';
import type { Format, ReadTurn } from '../formats/format';
import type { RawRecord } from '../formats/records/recordFile';

export function readTurns(record: RawRecord, format: Format): readonly ReadTurn[] | { readonly problem: string } {
  if (record.problem !== null) return { problem: record.problem };
  try {
    return format.read(record.value, record.text);
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}
