// Owns showing what a run would change before anything runs: as a document, and in a line.
import * as vscode from 'vscode';
import type { RunSpec } from '../../engine/domain/run';
import type { Host } from '../host/host';
import { withPatientProgress } from '../host/patientProgress';
import { showText } from './plainTexts';

/** @returns what the document counts, in a line; `null` when it could not be made, which was said */
export async function showPreview(host: Host, spec: RunSpec): Promise<string | null> {
  try {
    const title = vscode.l10n.t('Looking at what would change');
    const text = await withPatientProgress(title, ({ signal }) => host.reader.ask('preview', { spec }, { signal }));
    await showText({ name: vscode.l10n.t('Preview'), text, preserveFocus: true });
    const [counts = ''] = text.split('\n\n');
    return counts
      .split('\n')
      .map((line) => line.trim())
      .join(' · ');
  } catch (error) {
    host.report(error, vscode.l10n.t('preview the run'));
    return null;
  }
}
