// Owns rows in shapes that are not lists of rows: columns and data (data frames, tables of trackers), columns of lists, columns of
// numbered cells, records under their ids, rows in envelopes; and members whose names are paths. Must not know what a row means.
import { isObject, type JsonObject, list, member } from './shape';

/** The rows that a value is a table of; `null` when it is none. */
export function rowsOf(value: unknown): readonly JsonObject[] | null {
  if (!isObject(value)) return null;
  return splitTable(value) ?? columnsOfLists(value) ?? columnsOfCells(value) ?? wrappedRows(value);
}

/** `{ columns: […], data: [[…], …] }` */
function splitTable(value: JsonObject): readonly JsonObject[] | null {
  const columns = list(value.columns);
  const data = list(value.data);
  if (columns.length === 0 || data.length === 0) return null;
  if (!columns.every((one) => typeof one === 'string') || !data.every((row) => list(row).length === columns.length))
    return null;
  return data.map((row) => Object.fromEntries(columns.map((name, index) => [name as string, list(row)[index]])));
}

/** `{ prompt: […], answer: […] }`, all of one length. */
function columnsOfLists(value: JsonObject): readonly JsonObject[] | null {
  const columns = Object.entries(value).filter(([, cells]) => Array.isArray(cells));
  const length = list(columns[0]?.[1]).length;
  const isTable = columns.length >= 2 && length > 0 && columns.every(([, cells]) => list(cells).length === length);
  const texts = columns.filter(([, cells]) => list(cells).some((cell) => typeof cell === 'string'));
  if (!isTable || texts.length < 2) return null;
  const shared = Object.entries(value).filter(([, cells]) => !Array.isArray(cells));
  return Array.from({ length }, (_, row) =>
    Object.fromEntries([...shared, ...columns.map(([name, cells]) => [name, list(cells)[row]] as const)]),
  );
}

/** `{ prompt: { 0: …, 1: … }, answer: { 0: …, 1: … } }` */
function columnsOfCells(value: JsonObject): readonly JsonObject[] | null {
  const columns = Object.entries(value);
  const keys = Object.keys(isObject(columns[0]?.[1]) ? columns[0][1] : {});
  if (columns.length < 2 || keys.length === 0) return null;
  const isTable = columns.every(([, cells]) => isObject(cells) && Object.keys(cells).join() === keys.join());
  const scalars = columns.every(([, cells]) => !isObject(member(cells, keys[0]!)));
  if (!isTable || !scalars || !keys.every((key) => /^\d+$/.test(key))) return null;
  return keys.map((key) => Object.fromEntries(columns.map(([name, cells]) => [name, member(cells, key)])));
}

/** `{ rows: [{ row_idx, row: { … } }] }` */
function wrappedRows(value: JsonObject): readonly JsonObject[] | null {
  const rows = list(value.rows).map((one) => member(one, 'row'));
  return rows.length > 0 && rows.every(isObject) ? rows : null;
}

const longestPath = 12;

/** `{ 'messages.0.role': … }` as the objects and lists that the names are paths of; the value itself where none is. */
export function unflattened(value: JsonObject): JsonObject {
  if (!Object.keys(value).some((name) => /\.\d+\./.test(name))) return value;
  const root: Record<string, unknown> = Object.create(null);
  for (const [name, item] of Object.entries(value)) place(root, name.split('.').slice(0, longestPath), item);
  return listed(root) as JsonObject;
}

function place(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], item: unknown): void {
  if (rest.length === 0) {
    into[first] = item;
    return;
  }
  const inner = into[first];
  const next: Record<string, unknown> = isBranch(inner) ? inner : Object.create(null);
  into[first] = next;
  place(next, rest, item);
}

/** Objects that were made here have no prototype. */
const isBranch = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && Object.getPrototypeOf(value) === null;

/** Objects whose names are 0, 1, 2, … are lists. */
function listed(value: unknown): unknown {
  if (!isBranch(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => [name, listed(item)] as const);
  const isList = entries.every(([name], index) => name === String(index));
  return isList ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}
