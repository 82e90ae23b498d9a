// Owns the searches through trace files that are at work or were done last, so that their pages can be listed by the query alone.
// A search belongs to the file as it was; memory is four bytes for each example found.
import { UserError } from '../domain/failure';
import { canonicalJson } from '../domain/ids';
import type { ExampleQuery, ExampleRow, QueryProgress } from '../domain/traceList';
import { ExampleFinder, type FinderOptions } from './exampleFinder';
import { exampleRow } from './exampleReading';
import { beginKnownFile, examplesAt, stampOf } from './fileQueries';

const mostKept = 6;

export class ExampleSearches {
  readonly #finders = new Map<string, ExampleFinder>();

  /** Looks through the whole file, unless that was done. @throws CancelledError, UserError */
  async find(path: string, query: ExampleQuery, options: FinderOptions): Promise<QueryProgress> {
    const key = keyOf(path, query);
    const done = this.#finders.get(key);
    const finder = done?.isDone ? done : new ExampleFinder(await beginKnownFile(path), query);
    this.#finders.delete(key);
    this.#finders.set(key, finder);
    for (const oldest of [...this.#finders.keys()].slice(0, -mostKept)) this.#finders.delete(oldest);
    return finder.run(options);
  }

  /** A page of what was found so far. @throws UserError when nobody looked for it, or the file changed since */
  async list(path: string, query: ExampleQuery, page: Page): Promise<readonly ExampleRow[]> {
    const finder = this.#finders.get(keyOf(path, query));
    if (!finder) throw new UserError('This search is no longer kept. Search again.');
    const indexes = finder.slice(page.offset, page.limit);
    const examples = await examplesAt(path, indexes);
    return examples.map((example, at) => exampleRow(example, indexes[at]!));
  }
}

type Page = { readonly offset: number; readonly limit: number };

const keyOf = (path: string, query: ExampleQuery): string => `${stampOf(path)} ${path} ${canonicalJson(query)}`;
