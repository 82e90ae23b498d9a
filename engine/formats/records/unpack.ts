// Owns undoing a ZIP entry's compression: stored, deflate, zstd (several frames too), never beyond a limit.
import { inflateRawSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { UserError } from '../../domain/failure';
import { longestRecord, tooLong } from './splitter';

/**
 * @param method as the ZIP writes it
 * @throws UserError for other methods, damaged data, and data that grows beyond the longest record
 */
export function unpack(bytes: Uint8Array, method: number): Uint8Array {
  if (method === 0) return bytes;
  if (method !== 8 && method !== 93)
    throw new UserError(`compressed in a way that is not supported (ZIP method ${method})`);
  try {
    return method === 8 ? inflateRawSync(bytes, { maxOutputLength: longestRecord }) : unzstd(bytes);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw damaged(error);
  }
}

function damaged(error: unknown): UserError {
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return new UserError(tooLong);
  return new UserError(`damaged: ${error instanceof Error ? error.message : String(error)}`);
}

export function unzstd(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((piece) => {
    length += piece.length;
    if (length > longestRecord) throw new UserError(tooLong);
    pieces.push(piece);
  });
  stream.push(bytes, true);
  return Buffer.concat(pieces);
}
