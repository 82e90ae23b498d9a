// Owns how a model on the hub is named: `owner/name`, a revision, a precision. Must not know what is on disk.
import { UserError } from '../domain/failure';

export type HubModel = {
  readonly repo: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** As its files are named: `fp32`, `fp16`, `q4`, …; `null`: whichever is there, or suits best. */
  readonly precision: string | null;
};

const part = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,95})';
const form = new RegExp(`^(${part}/${part})(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,200}))?(?::([a-z0-9_]{1,32}))?$`);

/** `owner/name[@revision][:precision]`; `null` when the text is none. */
export function parseHubModel(text: string): HubModel | null {
  const found = form.exec(text);
  if (!found || text.includes('..') || text.includes('--')) return null;
  const [, repo = '', revision = 'main', precision = null] = found;
  return { repo, revision, precision };
}

/** @throws UserError saying the form. */
export function hubModel(text: string): HubModel {
  const found = parseHubModel(text);
  if (found === null)
    throw new UserError(
      `"${text}" names no model of the hub. Write owner/name, with @revision or :precision behind it if you like.`,
    );
  return found;
}

export const hubModelText = ({ repo, revision, precision }: HubModel): string =>
  `${repo}${revision === 'main' ? '' : `@${revision}`}${precision === null ? '' : `:${precision}`}`;
