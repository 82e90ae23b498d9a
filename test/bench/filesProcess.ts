// The measured process for trace files: opens one as the reader process does, and does one thing with it.
import { type BegunFile, beginTraceFile, type TraceFile } from '../../engine/service/traceFile';
import { serve } from './childProcess';
import { type Measured, measure, type Work } from './measured';

/** `cache`: a folder that does not exist yet; a kept index would answer instead of the file. */
export type FilesSpec = { readonly path: string; readonly cache: string };

/** `idle`: nothing. `lines`: find all lines. `first`: show the first example. `whole`: read all. `last`: having read all, show the last. */
export type FilesRequest = { readonly what: 'idle' | 'lines' | 'first' | 'whole' | 'last' };

/** How many examples were shown, lines found or examples counted stands for the tokens of other benches. */
const counted = (tokens: number): Work => ({ ids: [], tokens });

async function show(file: Pick<BegunFile, 'examples'>, offset: number): Promise<Work> {
  for await (const example of file.examples({ offset, limit: 1 })) {
    if (example.trace.reasoning === '') throw new Error('an example without reasoning');
    return counted(1);
  }
  throw new Error(`no example ${offset}`);
}

/** Most memory at any time, not that at the end: garbage counts. */
async function measurePeak(work: () => Promise<Work>): Promise<Measured> {
  const measured = await measure(work);
  return { ...measured, rssMb: measured.peakMb };
}

serve<FilesSpec, FilesRequest>(async ({ path, cache }) => ({
  about: 'this engine, trace files read as the reader process reads them',
  async answer({ what }) {
    process.env.COUNTERTHOUGHT_CACHE = cache;
    if (what === 'idle') return measurePeak(async () => counted(0));
    if (what === 'first') return measurePeak(async () => show(await beginTraceFile(path), 0));
    if (what === 'lines') {
      const file = await beginTraceFile(path);
      return measurePeak(async () => counted((await file.lines())?.length ?? 0));
    }
    const open = async (): Promise<TraceFile> => (await beginTraceFile(path)).whole();
    if (what === 'whole') return measurePeak(async () => counted((await open()).summary.examples));
    const file = await open();
    return measurePeak(() => show(file, file.summary.examples - 1));
  },
}));
