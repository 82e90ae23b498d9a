// Owns the picker of a mapping: one list whose first line saves it and says what it reads, and one line for each part that can be pointed at a
// field. It begins with the mapping that stands, or with a guess. Must not know where a mapping is kept.
import path from 'node:path';
import * as vscode from 'vscode';
import type { FieldMapping, FieldSample, FileFields, MappingTrial } from '../../engine/domain/fieldMapping';
import type { Host } from '../host/host';
import { guessMapping, type MappingDraft, type Part, rankFields } from './mappingGuess';

type Line = vscode.QuickPickItem & { readonly does?: 'save' | 'remove' | 'tags' | Part };

/** Asks until the person saves, removes or leaves (`null`). @throws UserError when the file has no fields */
export async function pickMapping(host: Host, file: string): Promise<FieldMapping | 'remove' | null> {
  const fields = await host.reader.ask('fields', { file });
  let draft: MappingDraft = fields.mapping ?? guessMapping(fields.fields);
  for (;;) {
    const mapping = complete(draft);
    const trial = mapping && (await host.reader.ask('tryMapping', { file, mapping }));
    const picked = await vscode.window.showQuickPick(lines(draft, trial, fields), {
      title: vscode.l10n.t('Fields of {0}', path.basename(file)),
      placeHolder: vscode.l10n.t('Point at the fields, then save'),
      matchOnDescription: true,
      ignoreFocusOut: true,
    });
    if (!picked) return null;
    if (picked.does === 'remove') return 'remove';
    if (picked.does === 'save' && mapping) return mapping;
    if (picked.does === 'tags') draft = await askTags(draft);
    else if (picked.does && picked.does !== 'save') draft = await askField(draft, picked.does, fields);
  }
}

function complete({ prompt, reasoning, answer, ...rest }: MappingDraft): FieldMapping | null {
  return prompt && reasoning && answer ? { prompt, reasoning, answer, ...rest } : null;
}

function lines(draft: MappingDraft, trial: MappingTrial | null, { fields, mapping }: FileFields): Line[] {
  const part = (does: Part, icon: string, isRequired = false): Line => {
    const sample = fields.find((one) => one.path === draft[does])?.sample;
    const description =
      draft[does] ?? (isRequired ? vscode.l10n.t('not chosen yet') : vscode.l10n.t('none (optional)'));
    return { label: `$(${icon}) ${titles()[does]}`, description, ...(sample ? { detail: oneLine(sample) } : {}), does };
  };
  const remove: Line = { label: vscode.l10n.t('$(trash) Remove the mapping'), does: 'remove' };
  return [
    firstLine(trial),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    part('prompt', 'comment', true),
    part('reasoning', 'lightbulb', true),
    part('answer', 'reply', true),
    ...(isWholeTurn(draft) ? [tagsLine(draft)] : []),
    part('system', 'settings'),
    part('model', 'server-process'),
    part('label', 'tag'),
    ...(mapping ? [remove] : []),
  ];
}

/** Where reasoning and answer are one field, tags tell them apart. */
const isWholeTurn = ({ reasoning, answer }: MappingDraft): boolean => reasoning !== undefined && reasoning === answer;

function tagsLine({ open, close }: MappingDraft): Line {
  const own =
    close === undefined ? vscode.l10n.t('those that everybody uses, such as <think>') : `${open ?? ''} … ${close}`;
  return { label: vscode.l10n.t('$(code) Tags around the reasoning'), description: own, does: 'tags' };
}

/** An empty closing tag goes back to the tags that everybody uses. */
async function askTags(draft: MappingDraft): Promise<MappingDraft> {
  const ask = (prompt: string, value: string | undefined) =>
    vscode.window.showInputBox({ prompt, ignoreFocusOut: true, ...(value === undefined ? {} : { value }) });
  const close = await ask(vscode.l10n.t('What ends the reasoning? Empty: the usual tags'), draft.close);
  if (close === undefined) return draft;
  const { open: _, close: __, ...others } = draft;
  if (close === '') return others;
  const open = await ask(vscode.l10n.t('What begins it? Empty: it begins with the text'), draft.open);
  return open ? { ...others, open, close } : { ...others, close };
}

const titles = (): Readonly<Record<Part, string>> => ({
  prompt: vscode.l10n.t('Prompt'),
  reasoning: vscode.l10n.t('Reasoning'),
  answer: vscode.l10n.t('Answer'),
  system: vscode.l10n.t('System prompt'),
  model: vscode.l10n.t('Name of the model'),
  label: vscode.l10n.t('Label to group by'),
});

function firstLine(trial: MappingTrial | null): Line {
  if (!trial) return { label: vscode.l10n.t('$(info) Choose where prompt, reasoning and answer are') };
  const { read, records, problem } = trial;
  const detail = problem === null ? {} : { detail: vscode.l10n.t('Not read: {0}', problem) };
  const description = vscode.l10n.t('reads {0} of the first {1} records', read, records);
  if (read === 0) return { label: vscode.l10n.t('$(warning) Nothing is read so'), description, ...detail };
  return { label: vscode.l10n.t('$(save) Save'), description, ...detail, does: 'save' };
}

async function askField(draft: MappingDraft, part: Part, { fields, records }: FileFields): Promise<MappingDraft> {
  const items: (vscode.QuickPickItem & { readonly field?: string | null })[] = rankFields(fields, part).map(
    (field) => ({
      label: field.path,
      description: kindWords(field, records),
      detail: oneLine(field.sample),
      field: field.path,
    }),
  );
  if (part !== 'prompt' && part !== 'reasoning' && part !== 'answer')
    items.unshift({ label: vscode.l10n.t('None'), field: null });
  const picked = await vscode.window.showQuickPick(items, {
    title: titles()[part],
    placeHolder: vscode.l10n.t('Which field holds it? Escape goes back'),
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (picked?.field === undefined) return draft;
  const { [part]: _, ...others } = draft;
  return picked.field === null ? others : { ...others, [part]: picked.field };
}

function kindWords({ kind, meanChars, records: n }: FieldSample, records: number): string {
  const kinds = {
    text: vscode.l10n.t('text, {0} characters', meanChars),
    texts: vscode.l10n.t('list of texts, {0} characters', meanChars),
    messages: vscode.l10n.t('conversation, {0} characters', meanChars),
    number: vscode.l10n.t('number'),
    boolean: vscode.l10n.t('yes or no'),
  };
  return n === records ? kinds[kind] : vscode.l10n.t('{0} · in {1} of {2} records', kinds[kind], n, records);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 120);
