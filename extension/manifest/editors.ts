// Owns the custom editors: which files the trace editor is offered for, and for which it is the usual one.
import { viewTable } from '../../webview/views';

const { id, title } = viewTable.traces;
const files = (...endings: readonly string[]) => endings.map((ending) => ({ filenamePattern: `*.${ending}` }));

/** One editor under two ids, because its priority is that of the id: a log of Inspect is nothing that a text editor could show. */
export const traceEditorIds = { option: id, default: `${id}.eval` } as const;

export const customEditors = [
  {
    viewType: traceEditorIds.option,
    displayName: title,
    priority: 'option',
    selector: files('jsonl', 'ndjson', 'json', 'csv', 'tsv', 'parquet', 'yaml', 'yml', 'gz', 'zst', 'txt'),
  },
  { viewType: traceEditorIds.default, displayName: title, priority: 'default', selector: files('eval') },
] as const;
