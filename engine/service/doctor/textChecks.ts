// Owns the checks of a model's text side: its template, its special tokens, and whether its tokenizer gives texts back.
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../domain/failure';
import type { Encoding, ModelText } from '../../text/modelText';
import { type Check, failed, type Patient, passed, told } from './check';

const question = 'Should the loan of 4,500 be granted?';

export const template: Check = {
  id: 'template',
  examine: async ({ text, settle }) => {
    const rendered = await settle(() => text.render([{ role: 'user', content: question }]));
    if (!rendered.includes(question))
      return failed('The chat template leaves out what the user says, so no recorded prompt can be put to the model.');
    const { open, close } = text.reasoningTags;
    return passed(`renders prompts; reasoning stands between ${JSON.stringify(open)} and ${JSON.stringify(close)}`);
  },
};

export const specialTokens: Check = {
  id: 'special tokens',
  examine: async ({ text, settle }) => {
    if (text.endIds.length === 0)
      return failed(
        'No token ends a turn (generation_config.json, config.json), so every text is written to its limit.',
      );
    const rendered = await settle(() => text.render([{ role: 'user', content: question }]));
    const { ids } = await settle(() => text.encode(rendered));
    if (text.decode(ids) !== rendered)
      return failed(
        'A rendered prompt is not given back by its own token ids: its special tokens are not those of the tokenizer.',
      );
    return passed(`turns end with ${text.endIds.map((id) => JSON.stringify(text.decode([id]))).join(' or ')}`);
  },
};

/** What traces are made of: prose, white space, numbers, code, other scripts, characters of several tokens, tags. */
const probes: readonly string[] = [
  'The applicant is thirty years old; her income is stable.',
  '  Two spaces, a tab\t, and\n\n\nempty lines.\n',
  '12345.67 + 0.001 = 12345.671, or 3/4 of 1e-9',
  'for (let i = 0; i < n; i++) { sum += a[i]; }  // done',
  "Café, naïve, Ångström, “quotes” — and it's done…",
  'Пример, 例え, 예시, مثال, उदाहरण',
  '👩‍🔬 measured 3 µm², 🙂',
  '<think>\nFirst.\n</think>\n\n<answer>no</answer>',
  'a',
  ' a',
];

export const roundTrip: Check = {
  id: 'round trip',
  examine: async ({ text, settle }) => {
    const broken: string[] = [];
    for (const probe of probes) {
      const trouble = await settle(() => troubleOf(probe, text));
      if (trouble !== null) broken.push(`${JSON.stringify(probe)} ${trouble}`);
    }
    if (broken.length === 0)
      return passed(`${probes.length} of ${probes.length} probe texts are given back, with offsets`);
    return failed(`${broken.length} of ${probes.length} probe texts are not given back: ${broken.join('; ')}`);
  },
};

/** `null`: none. A text that the tokenizer refuses is told in its own words. */
function troubleOf(probe: string, text: ModelText): string | null {
  try {
    // As traces stand: after others. At the very beginning some tokenizers write a space that was not there.
    const encoding = text.encodeAfter(text.encode('Text:\n').ids, probe);
    const decoded = text.decode(encoding.ids);
    if (decoded !== probe) return `becomes ${JSON.stringify(decoded)}`;
    return coversAll(encoding, probe.length) ? null : 'is not covered by the ranges of its tokens';
  } catch (error) {
    if (error instanceof UserError) return `is refused (${error.message})`;
    throw error;
  }
}

const coversAll = ({ starts, ends }: Encoding, length: number): boolean =>
  starts[0] === 0 && ends.at(-1) === length && starts.every((start, at) => start <= (ends[at] ?? 0));

type Recorded = { readonly text: string; readonly ids: readonly number[] };

/** A file beside the model that says how another tokenizer wrote some texts: `{"texts": [{"text": "…", "ids": [1, 2]}]}`. */
const recordedName = 'reference.json';

export const recordedIds: Check = {
  id: 'recorded ids',
  examine: async (patient) => {
    const recorded = readRecorded(patient);
    if (recorded === null) return told(`no ${recordedName} is beside the model, so its ids are compared with nothing`);
    const { text, settle } = patient;
    const others: string[] = [];
    for (const { text: probe, ids } of recorded) {
      const found = await settle(() => text.encode(probe).ids);
      if (found.join() !== ids.join()) others.push(JSON.stringify(probe.slice(0, 60)));
    }
    if (others.length === 0) return passed(`${recorded.length} texts have the ids that ${recordedName} records`);
    return failed(
      `${others.length} of ${recorded.length} texts have other ids than ${recordedName} records: ${others.join('; ')}`,
    );
  },
};

/** @throws UserError for a file that is not of this form */
function readRecorded({ folder }: Patient): readonly Recorded[] | null {
  const file = folder === null ? null : path.join(folder, recordedName);
  if (file === null || !fs.existsSync(file)) return null;
  const refused = new UserError(`${file} does not have the form {"texts": [{"text": "…", "ids": [1, 2]}]}.`);
  try {
    const { texts } = JSON.parse(fs.readFileSync(file, 'utf8')) as { readonly texts?: unknown };
    if (Array.isArray(texts) && texts.length > 0 && texts.every(isRecorded)) return texts;
  } catch {
    throw refused;
  }
  throw refused;
}

const isRecorded = (one: unknown): one is Recorded => {
  const { text, ids } = (one ?? {}) as Partial<Record<keyof Recorded, unknown>>;
  return typeof text === 'string' && Array.isArray(ids) && ids.every((id) => Number.isInteger(id));
};
