// Owns where an example of a run was read, as the reader finds it today.
import * as vscode from 'vscode';
import type { Source } from '../../engine/domain/example';
import { UserError } from '../../engine/domain/failure';
import type { ExampleId, RunId } from '../../engine/domain/ids';
import type { Host } from '../host/host';

/** @throws UserError when its file holds it no more */
export async function sourceOf(host: Host, run: RunId, example: ExampleId): Promise<Source> {
  const dir = await host.runs.dirOf(run);
  const { conditions } = await host.reader.ask('manifest', { dir });
  const condition = conditions[0]?.id;
  if (condition === undefined) throw new UserError(vscode.l10n.t('This run has no conditions, so it has no examples.'));
  return (await host.reader.ask('comparison', { dir, example, condition })).example.source;
}
