// Owns failures as data: what crosses a process border instead of an exception.
// Must not know who shows them.

/** A way out that the host can offer as a button. */
export type Fix = { readonly label: string; readonly command: string; readonly argument?: string };

export type Failure =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'user'; readonly message: string; readonly fix?: Fix }
  | { readonly kind: 'bug'; readonly message: string; readonly stack?: string };

/** Thrown for anything that the person can put right: the message names the thing and the way out, in one sentence or two. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    readonly fix?: Fix,
  ) {
    super(message);
  }
}

/** Thrown when work stops because its `AbortSignal` fired. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('cancelled');
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

export function toFailure(error: unknown): Failure {
  if (error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError'))
    return { kind: 'cancelled' };
  if (error instanceof UserError)
    return { kind: 'user', message: error.message, ...(error.fix ? { fix: error.fix } : {}) };
  if (isRefusal(error)) {
    return { kind: 'user', message: `The system refused: ${error.message}. Free the place or choose another one.` };
  }
  if (error instanceof Error)
    return { kind: 'bug', message: error.message, ...(error.stack ? { stack: error.stack } : {}) };
  return { kind: 'bug', message: String(error) };
}

/** What a system refuses for reasons that lie with the machine or its owner, by Node's error codes. */
const refusals = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'EDQUOT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'EMFILE',
  'ENFILE',
  'EBUSY',
  'ENAMETOOLONG',
  'ELOOP',
  'EIO',
]);

const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && refusals.has(error.code);

/** The inverse of {@link toFailure}, for the side that asked. */
export function toError(failure: Failure): Error {
  if (failure.kind === 'cancelled') return new CancelledError();
  if (failure.kind === 'user') return new UserError(failure.message, failure.fix);
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
