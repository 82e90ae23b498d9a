// Owns splitting YAML into records: the items of a top-level list, or whole documents. It looks at the start of lines alone, which is all
// that YAML needs at the outermost level. Must not know what a record means.
import { parseDocument } from 'yaml';
import { UserError } from '../../domain/failure';
import type { Encoding } from './encoding';
import { lineSplitter } from './lineSplitter';
import { ByteWindow, longestRecord, type Slice, type Splitter, tooLong } from './splitter';

/** A document repeats what it refers to; more than so many references are an attack. */
const mostAliases = 1000;
const dash = 45;
const space = 32;
const comment = 35;
const directive = 37;
const border = /^(?:---|\.\.\.)(?:\s|$)/;

export function yamlSplitter(encoding: Encoding): Splitter {
  const lines = lineSplitter(encoding);
  const window = new ByteWindow(encoding.markLength);
  let open: { readonly start: number; readonly line: number; readonly isItem: boolean } | null = null;

  // A record goes on to where the next one starts: blank lines at its end belong to its last text.
  const close = (end: number): readonly Slice[] => {
    if (!open) return [];
    const { start, line } = open;
    open = null;
    if (end - start > longestRecord) return [{ start, end, line, bytes: new Uint8Array(), problem: tooLong }];
    return [{ start, end, line, bytes: window.slice(start, end), problem: null }];
  };
  const take = ({ start, line, bytes }: Slice): readonly Slice[] => {
    const isBorder = border.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1'));
    const isItem = bytes[0] === dash && (bytes.length === 1 || bytes[1] === space);
    const isAside = bytes[0] === comment || bytes[0] === directive;
    const closed = isBorder || (open?.isItem && isItem) ? close(start) : [];
    if (!isBorder && (open || !isAside)) open ??= { start, line, isItem };
    return closed;
  };
  return {
    push(chunk) {
      window.append(chunk);
      const slices = lines.push(chunk).flatMap(take);
      // Without an open record only the line that goes on is needed; it lies in this chunk or in the next.
      window.drop(
        open ? (window.end - open.start > longestRecord ? window.end : open.start) : window.end - chunk.length,
      );
      return slices;
    },
    end: () => [...lines.end().flatMap(take), ...close(window.end)],
  };
}

/** @throws UserError with the parser's reason */
export function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent', prettyErrors: false });
    const [error] = document.errors;
    if (error) throw error;
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return /^-(?:\s|$)/.test(text) && Array.isArray(value) && value.length === 1 ? value[0] : value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`not valid YAML: ${reason.slice(0, 200)}`);
  }
}

/** Whether the head's first record is YAML with something in it; of one longer than the head only the beginning is judged. */
export function opensAsYaml(head: string, whole: boolean): boolean {
  if (!looksLikeYaml(head)) return false;
  const splitter = yamlSplitter({ name: 'utf-8', markLength: 0, unit: 1 });
  const pushed = splitter.push(Buffer.from(head));
  const [first] = whole ? [...pushed, ...splitter.end()] : pushed;
  if (!first) return true;
  try {
    return typeof parseYaml(Buffer.from(first.bytes).toString()) === 'object';
  } catch {
    return false;
  }
}

const keyLine = /^(?:- )?(?:"[^"\n]{1,80}"|'[^'\n]{1,80}'|[A-Za-z_][\w .-]{0,80}):(?:[ \t]|$)/;

/** Whether a text is YAML with structure: a document mark before a key, a list of maps, or a map with nested or folded values. */
function looksLikeYaml(head: string): boolean {
  const lines = head
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('%'));
  const [first = '', second = ''] = lines[0] === '---' ? lines.slice(1) : lines;
  if (!keyLine.test(first)) return false;
  if (lines[0] === '---' || first.startsWith('- ')) return true;
  const isNested = /:\s*$/.test(first) && /^(?:\s+\S|- )/.test(second);
  return (
    isNested ||
    lines.some((line) => /^[\w"' .-]{1,80}:\s+[|>][-+]?\d*\s*$/.test(line)) ||
    /^\w+:\s*(?:\n|\r\n)(?: +\w+:|- )/m.test(head)
  );
}
