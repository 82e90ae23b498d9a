// Owns splitting bytes into JSON values that may span lines: one document, several behind one another, or the elements of one array.
// It follows strings and brackets alone; whether a value is well formed is decided by whoever parses it.
import { type Encoding, unitReader } from './encoding';
import { ByteWindow, longestRecord, type Slice, type Splitter, tooLong } from './splitter';

const code = {
  feed: 10,
  quote: 34,
  comma: 44,
  open: 91,
  backslash: 92,
  close: 93,
  braceOpen: 123,
  braceClose: 125,
} as const;
const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xfeff;

type State = {
  start: number;
  startLine: number;
  line: number;
  depth: number;
  inArray: boolean;
  inString: boolean;
  escaped: boolean;
};

/** @param elements whether a top-level array's elements are the records, rather than the array */
export function valueSplitter(encoding: Encoding, elements: boolean): Splitter {
  const window = new ByteWindow(encoding.markLength);
  const read = unitReader(encoding);
  const state: State = { start: -1, startLine: 1, line: 1, depth: 0, inArray: false, inString: false, escaped: false };

  const record = (end: number): Slice => {
    const { start, startLine: line } = state;
    state.start = -1;
    state.inString = false;
    if (end - start > longestRecord) return { start, end, line, bytes: new Uint8Array(), problem: tooLong };
    return { start, end, line, bytes: window.slice(start, end), problem: null };
  };

  return {
    push(chunk) {
      const slices: Slice[] = [];
      const chunkStart = window.end;
      window.append(chunk);
      for (let at = 0; at + encoding.unit <= chunk.length; at += encoding.unit) {
        const unit = read(chunk, at);
        const ended = step(state, unit, elements);
        if (ended === 'after') slices.push(record(chunkStart + at + encoding.unit));
        else if (ended === 'before') slices.push(record(chunkStart + at));
        else if (ended === 'starts') state.start = chunkStart + at;
        if (unit === code.feed) state.line += 1;
      }
      const needed = state.start < 0 ? window.end : state.start;
      window.drop(window.end - needed > longestRecord ? window.end : needed);
      return slices;
    },
    end: () => (state.start < 0 ? [] : [record(window.end)]),
  };
}

/** What one code unit means for the value that is open: it starts one, ends one behind or before itself, or neither. */
function step(state: State, unit: number, elements: boolean): 'starts' | 'after' | 'before' | null {
  if (state.start < 0) return between(state, unit, elements);
  if (state.inString) {
    if (state.escaped) state.escaped = false;
    else if (unit === code.backslash) state.escaped = true;
    else if (unit === code.quote) {
      state.inString = false;
      if (state.depth === 0) return 'after';
    }
    return null;
  }
  if (state.depth === 0) {
    if (unit === code.close) state.inArray = false;
    return isSpace(unit) || unit === code.comma || unit === code.close ? 'before' : null;
  }
  if (unit === code.quote) state.inString = true;
  else if (unit === code.open || unit === code.braceOpen) state.depth += 1;
  else if (unit === code.close || unit === code.braceClose) {
    state.depth -= 1;
    if (state.depth === 0) return 'after';
  }
  return null;
}

function between(state: State, unit: number, elements: boolean): 'starts' | null {
  if (isSpace(unit) || unit === code.comma) return null;
  if (unit === code.close) {
    state.inArray = false;
    return null;
  }
  if (unit === code.open && elements && !state.inArray) {
    state.inArray = true;
    return null;
  }
  state.startLine = state.line;
  state.depth = unit === code.open || unit === code.braceOpen ? 1 : 0;
  state.inString = unit === code.quote;
  return 'starts';
}
