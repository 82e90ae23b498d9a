// Owns splitting a streamed reply into its JSON values, whether they come as server-sent events or as lines. Must not know what they say.
import { createParser } from 'eventsource-parser';
import { ServerError } from './serverError';

export type Framing = 'events' | 'lines';

/**
 * The values of a stream in order. `[DONE]` is left out: it proves nothing, because some servers send it after a fault too.
 * @throws ServerError for anything that is not JSON.
 */
export async function* streamValues(text: AsyncIterable<string>, framing: Framing): AsyncGenerator<unknown> {
  const splitter = framing === 'events' ? eventSplitter() : lineSplitter();
  for await (const part of text) yield* splitter.feed(part).map(parse);
  yield* splitter.end().map(parse);
}

type Splitter = { readonly feed: (part: string) => readonly string[]; readonly end: () => readonly string[] };

function eventSplitter(): Splitter {
  let found: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data !== '' && data.trim() !== '[DONE]') found.push(data);
    },
  });
  const taken = (): readonly string[] => {
    const events = found;
    found = [];
    return events;
  };
  return {
    feed: (part) => {
      parser.feed(part);
      return taken();
    },
    end: () => {
      parser.reset({ consume: true });
      return taken();
    },
  };
}

function lineSplitter(): Splitter {
  let rest = '';
  return {
    feed: (part) => {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((line) => line.trim() !== '');
    },
    end: () => (rest.trim() === '' ? [] : [rest]),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServerError('broken', `the server sent something that is not JSON: ${text.slice(0, 80)}`);
  }
}
