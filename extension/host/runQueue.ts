// Owns the order of the runs of this window: one works, the others wait, can be moved forward, and leave when they are no longer wanted.
// Pure; must not know what a run is.
import { CancelledError } from '../../engine/domain/failure';

export type QueuedRun = {
  readonly id: number;
  readonly title: string;
  readonly state: 'waiting' | 'working';
  /** `null`: nothing is known yet. */
  readonly progress: { readonly done: number; readonly planned: number; readonly etaMs: number | null } | null;
};

export type RunWork<T> = (signal: AbortSignal, report: (progress: QueuedRun['progress']) => void) => Promise<T>;

export type RunQueue = {
  /** In the order in which they will work; the one at work first. */
  readonly runs: () => readonly QueuedRun[];
  /** Works when its turn has come. @throws CancelledError when it left before */
  readonly add: <T>(title: string, signal: AbortSignal, work: RunWork<T>) => Promise<T>;
  readonly cancel: (id: number) => void;
  /** Puts a waiting run before the others that wait. */
  readonly moveToFront: (id: number) => void;
};

type Entry = { run: QueuedRun; readonly stop: AbortController; readonly begin: () => void };

/** @param onChange called after every change of what `runs` answers */
export function createRunQueue(onChange: () => void): RunQueue {
  let entries: readonly Entry[] = [];
  let lastId = 0;

  const next = (): void => {
    const [first] = entries;
    if (first?.run.state === 'waiting') {
      first.run = { ...first.run, state: 'working' };
      first.begin();
    }
    onChange();
  };
  const leave = (entry: Entry): void => {
    entries = entries.filter((one) => one !== entry);
    next();
  };

  async function add<T>(title: string, signal: AbortSignal, work: RunWork<T>): Promise<T> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let begin = (): void => undefined;
    const turn = new Promise<void>((resolve, reject) => {
      begin = resolve;
      const giveUp = (): void => reject(new CancelledError());
      if (either.aborted) giveUp();
      either.addEventListener('abort', giveUp, { once: true });
    });
    lastId += 1;
    const entry: Entry = { run: { id: lastId, title, state: 'waiting', progress: null }, stop, begin };
    entries = [...entries, entry];
    next();
    try {
      await turn;
      return await work(either, (progress) => {
        entry.run = { ...entry.run, progress };
        onChange();
      });
    } finally {
      leave(entry);
    }
  }

  return {
    add,
    runs: () => entries.map(({ run }) => run),
    cancel: (id) => entries.find(({ run }) => run.id === id)?.stop.abort(),
    moveToFront: (id) => {
      const moved = entries.find(({ run }) => run.id === id && run.state === 'waiting');
      if (!moved) return;
      const others = entries.filter((one) => one !== moved);
      const working = others.filter(({ run }) => run.state === 'working');
      entries = [...working, moved, ...others.filter((one) => !working.includes(one))];
      onChange();
    },
  };
}
