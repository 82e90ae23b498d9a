// Owns what a refusal of the hub means to a person, and the way out. Must not know what was being done beyond the model's name.
import { CancelledError, UserError } from '../domain/failure';

/** Worth another try by itself. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
}

const repeatable = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What an answer with this status means; throws nothing itself. */
export function statusFailure(status: number, repo: string, what: string): Error {
  if (repeatable.has(status)) return new PassingFailure(`the hub answered ${status} for ${what}`);
  if (status === 401 || status === 403)
    return new UserError(
      `${repo} is not open to everybody, or its name is wrong (${status}). Accept its licence on its page, and give your access token: HF_TOKEN on the command line, "Set the hub's access token" in the editor.`,
    );
  if (status === 404) return new UserError(`The hub has no ${what} in ${repo}. Check the name and the revision.`);
  return new UserError(`The hub answered ${status} for ${what} of ${repo}.`);
}

/** A failure of the library or of the connection, in words. */
export function hubFailure(error: unknown, repo: string): Error {
  if (error instanceof UserError || error instanceof CancelledError || error instanceof PassingFailure) return error;
  if (error instanceof Error && error.name === 'AbortError') return new CancelledError();
  if (error instanceof Error && 'statusCode' in error) return statusFailure(Number(error.statusCode), repo, 'this');
  if (error instanceof Error && error.cause instanceof Error)
    return new PassingFailure(`the hub cannot be reached (${error.cause.message})`);
  if (error instanceof TypeError) return new UserError(`${repo}: ${error.message}`);
  return error instanceof Error ? error : new Error(String(error));
}

export const outOfReach = (repo: string, reason: string): UserError =>
  new UserError(
    `${repo} could not be downloaded: ${reason}. What has arrived is kept; the same command goes on from there.`,
  );
