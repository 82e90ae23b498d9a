// Owns the folder of a run: its log, its spec beside it, and following the log while another process writes.
// Must not know how events come about or what is made of them.
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../domain/failure';
import type { RunEvent, RunManifest } from '../domain/run';
import { emptyRunState, foldRun, type RunState } from '../domain/runState';
import { inFolder } from './inFolder';
import { LineWriter, lineAt, readLines } from './jsonLines';
import { takeWriterLock } from './writerLock';

export const logFile = (dir: string): string => path.join(dir, 'events.jsonl');
export const specFile = (dir: string): string => path.join(dir, 'spec.cot.json');
export const reportFile = (dir: string): string => path.join(dir, 'report.html');

/** The one appender of a run. */
export class RunWriter {
  private constructor(
    private readonly writer: LineWriter,
    private readonly release: () => void,
  ) {}

  /** Makes the run's folder and writes its first line. @throws UserError where it cannot be made */
  static create(dir: string, manifest: RunManifest): RunWriter {
    inFolder(path.dirname(dir), () => fs.mkdirSync(dir, { recursive: true }));
    const created = RunWriter.open(dir);
    fs.writeFileSync(specFile(dir), `${JSON.stringify(manifest.spec, null, 2)}\n`);
    created.append({ v: 1, type: 'runStarted', at: manifest.startedAt, manifest });
    return created;
  }

  static open(dir: string): RunWriter {
    const release = inFolder(dir, () => takeWriterLock(dir));
    return new RunWriter(new LineWriter(logFile(dir)), release);
  }

  append(event: RunEvent): void {
    this.writer.append(event);
  }

  /** A disk that fails at the end keeps nobody from resuming. */
  close(): void {
    try {
      this.writer.close();
    } finally {
      this.release();
    }
  }
}

function parseEvent(text: string, file: string): RunEvent {
  try {
    return JSON.parse(text) as RunEvent;
  } catch {
    throw new UserError(`${file} has a damaged line (${text.slice(0, 40)}…); restore it from a backup or run again.`);
  }
}

/** As much of a log is folded in some 50 ms. */
const pieceBytes = 4 * 1024 * 1024;

/** A fold that can be brought up to date as its log grows. */
export class RunFold {
  readonly state: RunState = emptyRunState();
  private bytes = 0;

  constructor(readonly dir: string) {}

  /** Reads what was appended since the last call, of a long log about `most` bytes. @returns the byte up to which the log is folded. */
  refresh(most?: number): number {
    const file = logFile(this.dir);
    if (!fs.existsSync(file)) {
      throw new UserError(
        `${this.dir} is not a run: it has no ${path.basename(file)}. \`counterthought list\` shows the runs.`,
      );
    }
    this.bytes = readLines(file, { from: this.bytes, ...(most !== undefined && { most }) }, (line) =>
      foldRun(this.state, parseEvent(line.text, file), line),
    );
    return this.bytes;
  }

  /** As {@link refresh}, piece by piece, so that the process can do other work meanwhile. */
  async refreshInPieces(): Promise<void> {
    for (let before = -1; before !== this.bytes; ) {
      before = this.bytes;
      this.refresh(pieceBytes);
      await nextTurn();
    }
  }

  get manifest(): RunManifest {
    if (!this.state.manifest)
      throw new UserError(`${logFile(this.dir)} is empty; the run was stopped before it began.`);
    return this.state.manifest;
  }
}

/** Whether a run came to its end. @throws UserError when the folder is no run's */
export function isCompleted(dir: string): boolean {
  const fold = new RunFold(dir);
  fold.refresh();
  return fold.state.status === 'completed';
}

/** Every event of a run's log, in order, one at a time. */
export function eachEvent(dir: string, onEvent: (event: RunEvent) => void): void {
  readLines(logFile(dir), { from: 0 }, ({ text }) => onEvent(parseEvent(text, logFile(dir))));
}

/** The events that begin at these bytes of a run's log. */
export function eventsAt(dir: string, starts: readonly number[]): readonly RunEvent[] {
  const file = logFile(dir);
  const handle = fs.openSync(file, 'r');
  try {
    return starts.map((start) => parseEvent(lineAt(handle, start), file));
  } finally {
    fs.closeSync(handle);
  }
}

/** The events that stand in bytes [start, end) of a run's log. */
export function readEvents(dir: string, range: { readonly start: number; readonly end: number | null }): RunEvent[] {
  const events: RunEvent[] = [];
  const end = range.end ?? Number.POSITIVE_INFINITY;
  const length = Number.isFinite(end) ? end - range.start : fs.statSync(logFile(dir)).size - range.start;
  const buffer = Buffer.alloc(Math.max(0, length));
  const handle = fs.openSync(logFile(dir), 'r');
  try {
    fs.readSync(handle, buffer, 0, buffer.length, range.start);
  } finally {
    fs.closeSync(handle);
  }
  for (const text of buffer.toString('utf8').split('\n')) {
    if (text !== '' && text.endsWith('}')) events.push(parseEvent(text, logFile(dir)));
  }
  return events;
}

/** The run folders in a folder of runs, newest first. */
export function listRuns(out: string): readonly string[] {
  if (!fs.existsSync(out)) return [];
  return fs
    .readdirSync(out, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && fs.existsSync(logFile(path.join(out, entry.name))))
    .map((entry) => path.join(out, entry.name))
    .sort()
    .reverse();
}
