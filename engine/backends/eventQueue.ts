// Owns turning pushed events into an async sequence that ends or fails. Must not know what the events are.

export type EventQueue<Event> = {
  readonly push: (event: Event) => void;
  readonly end: () => void;
  /** Events that were pushed before are dropped: whoever fails wants to stop now. */
  readonly fail: (error: Error) => void;
  readonly drain: () => AsyncGenerator<Event>;
};

export function eventQueue<Event>(): EventQueue<Event> {
  let waiting: Event[] = [];
  let failure: Error | null = null;
  let ended = false;
  let wake = (): void => undefined;
  async function* drain(): AsyncGenerator<Event> {
    for (;;) {
      const batch = waiting;
      waiting = [];
      for (const event of batch) {
        if (failure !== null) throw failure;
        yield event;
      }
      if (failure !== null) throw failure;
      if (waiting.length > 0) continue;
      if (ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    push: (event) => {
      waiting.push(event);
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    fail: (error) => {
      failure ??= error;
      wake();
    },
    drain,
  };
}
