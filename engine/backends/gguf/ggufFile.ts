// Owns what can be known of a GGUF file without loading it. Must not know servers.
import fs from 'node:fs';
import path from 'node:path';

const magic = 'GGUF';

/** Whether a place is a GGUF file: by its name, or, where tools keep files under their checksums, by its first bytes. */
export function isGguf(place: string): boolean {
  if (/\.gguf$/i.test(place)) return true;
  if (!/^sha256-[0-9a-f]{64}$/.test(path.basename(place))) return false;
  return startsAsGguf(place);
}

/** @returns false for a file that is not there. */
export function startsAsGguf(place: string): boolean {
  if (!fs.statSync(place, { throwIfNoEntry: false })?.isFile()) return false;
  const file = fs.openSync(place, 'r');
  try {
    const first = Buffer.alloc(magic.length);
    return fs.readSync(file, first, 0, magic.length, 0) === magic.length && first.toString('latin1') === magic;
  } finally {
    fs.closeSync(file);
  }
}

/** How weights are stored, as publishers write it behind a name: `Qwen3-0.6B-Q4_K_M`. */
const storedForm = /[-.](i?q\d\w*|f16|bf16|f32|fp16|mxfp4\w*)$/i;
const shardForm = /-\d{5}-of-\d{5}$/;

/** The model's name and how its weights are stored, from the name of its file; `null`: the name does not say. */
export function nameOfGguf(file: string): { readonly name: string; readonly stored: string | null } {
  const whole = path
    .basename(file)
    .replace(/\.gguf$/i, '')
    .replace(shardForm, '');
  const stored = storedForm.exec(whole)?.[1] ?? null;
  return { name: stored === null ? whole : whole.replace(storedForm, ''), stored };
}
