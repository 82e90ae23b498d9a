// Owns the answers to everything that the page of a trace editor may ask of its file. What arrives is decoded before anything acts on it.

import { isWholeFile } from '../../engine/domain/traceList';
import type { Client } from '../../engine/wire/contract';
import { connect, serve } from '../../engine/wire/peer';
import type { Port } from '../../engine/wire/port';
import type { PageContract, TraceFileState, TracesContract } from '../../webview/protocol';
import type { Host } from '../host/host';
import { decode, examplesSchema, findSchema, readingSchema, traceIntentSchema } from '../host/pageSchemas';
import { pageTexts } from '../host/webviews';
import { actOnTraces } from './traceEditorActions';
import type { TraceDocument } from './traceEditorDocument';

/** Longer texts are shown when a person asks for them: a page takes long to lay them out. */
const shownChars = 60_000;
const mostChars = 20_000_000;

/** Serves a page until its port closes. */
export function serveTracesPage(host: Host, port: Port, document: TraceDocument): Client<PageContract> {
  const { file } = document;
  serve<TracesContract>(port, {
    hello: () => ({ state: { view: 'traces' }, labels: [], texts: pageTexts() }),
    fileState: (_, { signal, emit }) => followState(document, signal, emit),
    examples: async (params, { signal }) => {
      const { query, ...page } = decode(examplesSchema, params);
      await document.checkUnchanged();
      if (isWholeFile(query)) return host.reader.ask('examples', { file, ...page }, { signal });
      return host.reader.ask('found', { file, query, ...page }, { signal });
    },
    find: async (params, { signal, emit }) => {
      const { query } = decode(findSchema, params);
      await document.checkUnchanged();
      return host.reader.ask('find', { file, query }, { signal, onEvent: emit });
    },
    reading: async (params, { signal }) => {
      const { index, whole } = decode(readingSchema, params);
      await document.checkUnchanged();
      return host.reader.ask('reading', { file, index, mostChars: whole ? mostChars : shownChars }, { signal });
    },
    act: async (params) => {
      await actOnTraces(host, document, decode(traceIntentSchema, params));
      return null;
    },
  });
  return connect<PageContract>(port);
}

/** Tells how the file stands, now and whenever it changes, until nobody listens. */
function followState(
  document: TraceDocument,
  signal: AbortSignal,
  emit: (state: TraceFileState) => void,
): Promise<null> {
  return new Promise((resolve) => {
    emit(document.state());
    const subscription = document.onDidChange(() => emit(document.state()));
    signal.addEventListener('abort', () => {
      subscription.dispose();
      resolve(null);
    });
  });
}
