// Owns what an engine process answers about recorded runs. Must not know how runs are made.
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError } from '../domain/failure';
import { htmlReport } from '../report/htmlReport';
import { inFolder } from '../store/inFolder';
import { logFile, reportFile } from '../store/runLog';
import { currentWriter } from '../store/writerLock';
import type { Handlers } from '../wire/contract';
import { recordedCalibration } from './calibration';
import type { EngineContract } from './contract';
import { writeFigure } from './exportReport';
import type { RunQueries } from './runQueries';

/** How often a followed log is looked at, in milliseconds: soon enough to feel live, seldom enough to cost nothing. */
const followEveryMs = 250;
/** Summarizing a large run takes long; following it takes at most this share of a processor. */
const followShare = 0.2;

/** Writes the run's report beside its log. @returns where. */
export function writeReport(queries: RunQueries, dir: string): string {
  const page = htmlReport(queries.open(dir).summary, { calibration: recordedCalibration() });
  inFolder(dir, () => fs.writeFileSync(reportFile(dir), page));
  return reportFile(dir);
}

/** Tells of every growth of a run's log, and of the writer's end even if it died without a word. */
async function follow(queries: RunQueries, at: { dir: string; from: number }, context: FollowContext): Promise<null> {
  let seen = at.from;
  let pauseMs = followEveryMs;
  while (!context.signal.aborted) {
    const size = fs.existsSync(logFile(at.dir)) ? fs.statSync(logFile(at.dir)).size : 0;
    const isWritten = currentWriter(at.dir) !== null;
    if (size > seen || !isWritten) {
      await queries.learn(at.dir);
      const startedMs = performance.now();
      const news = queries.open(at.dir);
      pauseMs = Math.max(followEveryMs, (performance.now() - startedMs) / followShare);
      seen = size;
      context.emit(news);
      if (news.summary.status !== 'running') return null;
    }
    await delay(pauseMs, undefined, { signal: context.signal }).catch(() => undefined);
  }
  throw new CancelledError();
}

type FollowContext = { readonly signal: AbortSignal; readonly emit: (news: ReturnType<RunQueries['open']>) => void };

type Methods = 'runs' | 'open' | 'follow' | 'comparison' | 'compare' | 'figurePdf' | 'report' | 'manifest';

export function runHandlers(queries: RunQueries): Pick<Handlers<EngineContract>, Methods> {
  return {
    runs: ({ out }) => queries.headers(out),
    open: async ({ dir }) => {
      await queries.learn(dir);
      return queries.open(dir);
    },
    follow: (at, context) => follow(queries, at, context),
    comparison: async (at) => {
      await queries.learn(at.dir);
      return queries.comparison(at);
    },
    compare: async (runs) => {
      await queries.learnAll(runs.first);
      await queries.learnAll(runs.second);
      return queries.compare(runs);
    },
    figurePdf: async ({ dir, figure, out }) => {
      await queries.learn(dir);
      await writeFigure(queries.open(dir).summary, figure, out);
      return null;
    },
    report: async ({ dir }) => {
      await queries.learn(dir);
      return { file: writeReport(queries, dir) };
    },
    manifest: async ({ dir }) => {
      await queries.learn(dir);
      return queries.manifest(dir);
    },
  };
}
