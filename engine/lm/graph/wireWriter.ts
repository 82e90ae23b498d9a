// Owns writing protobuf's wire format: fields of a message as bytes. Must not know what the fields mean.

const encoder = new TextEncoder();

/** Negative numbers take ten bytes, as two's complement of 64 bits. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) + 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export const varintField = (number: number, value: number): Uint8Array => joined([varint(number * 8), varint(value)]);

export const textField = (number: number, text: string): Uint8Array => bytesField(number, encoder.encode(text));

export function floatField(number: number, value: number): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setFloat32(0, value, true);
  return joined([varint(number * 8 + 5), payload]);
}

export const bytesField = (number: number, payload: Uint8Array): Uint8Array => joined(fieldParts(number, [payload]));

export const messageField = (number: number, fields: readonly Uint8Array[]): Uint8Array =>
  joined(fieldParts(number, fields));

/** A field in parts, to be joined with all others at once: weights are large, and every joining copies them. */
export const fieldParts = (number: number, payload: readonly Uint8Array[]): readonly Uint8Array[] => [
  varint(number * 8 + 2),
  varint(payload.reduce((sum, part) => sum + part.length, 0)),
  ...payload,
];

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
