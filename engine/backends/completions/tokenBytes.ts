// Owns the bytes of tokens that a server names as its vocabulary spells them: byte-level (GPT-2's table) or with a mark for the space.
import { byteLevelBytes, utf8 } from '../../text/tokenPieces';

const byteToken = /^<0x([0-9A-Fa-f]{2})>$/;

/** In the spelling by which the names together give the text; the names' own bytes where none does. */
export function tokenBytes(names: readonly string[], text: string): readonly Uint8Array[] {
  const wanted = Buffer.from(text);
  const spellings = [byteLevelBytes, spacedBytes].map((spell) => names.map(spell));
  return spellings.find((pieces) => Buffer.concat(pieces).equals(wanted)) ?? names.map(utf8);
}

function spacedBytes(name: string): Uint8Array {
  const byte = byteToken.exec(name)?.[1];
  return byte === undefined ? utf8(name.replaceAll('\u2581', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
}
