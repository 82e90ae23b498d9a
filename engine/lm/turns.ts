// Owns whose turn it is: work runs one at a time in order, and urgent work overtakes, also in the middle of what runs, where that allows it.
// Must not know what the work is.

export type Turns = {
  /** Resolves when the work is done; work that fails must say so itself. */
  readonly add: (work: () => Promise<void>, urgency: 'urgent' | 'ordinary') => Promise<void>;
  /** Ordinary work calls this where it can be interrupted: runs all urgent work that waits. */
  readonly letUrgentPass: () => Promise<void>;
};

export function makeTurns(): Turns {
  const waiting = { urgent: [] as (() => Promise<void>)[], ordinary: [] as (() => Promise<void>)[] };
  let isRunning = false;
  const letUrgentPass = async (): Promise<void> => {
    for (let work = waiting.urgent.shift(); work !== undefined; work = waiting.urgent.shift()) await work();
  };
  const runAll = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    for (;;) {
      await letUrgentPass();
      const work = waiting.ordinary.shift();
      if (work === undefined) break;
      await work();
    }
    isRunning = false;
  };
  const add: Turns['add'] = (work, urgency) =>
    new Promise((resolve) => {
      waiting[urgency].push(async () => {
        await work();
        resolve();
      });
      void runAll();
    });
  return { add, letUrgentPass };
}
