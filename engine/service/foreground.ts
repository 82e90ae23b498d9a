// Owns that what a person waits for, a page of rows or an example, goes before what a process reads in the background: the one counts
// itself here, the other asks here between its steps. Must not know either.

let atWork = 0;
type Quiet = { readonly promise: Promise<void>; readonly resolve: () => void };
let whenDone: Quiet | null = null;

/** Does short work while background work pauses. */
export async function inForeground<T>(work: () => Promise<T>): Promise<T> {
  atWork += 1;
  whenDone ??= withResolvers();
  try {
    return await work();
  } finally {
    atWork -= 1;
    if (atWork === 0) {
      whenDone?.resolve();
      whenDone = null;
    }
  }
}

/** Resolves when nothing is at work in the foreground, at once as a rule. */
export async function whenQuiet(): Promise<void> {
  while (whenDone) await whenDone.promise;
}

function withResolvers(): Quiet {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
