// Owns a pilot in the editor: thirty examples first, then what they promise of the whole run, and whether that is wanted.
import * as vscode from 'vscode';
import type { RunSpec } from '../../engine/domain/run';
import type { RunProgress } from '../../engine/service/contract';
import type { Host } from '../host/host';
import { showText } from './plainTexts';
import { duration, type Launch, showRunProgress } from './runProgress';

/** So many examples; fewer need no pilot. */
export const pilotSize = 30;

type Asked = { readonly spec: RunSpec; readonly title: string; readonly launch: (spec: RunSpec) => Launch };

/** Runs the pilot, and the whole after it if the person says so. */
export async function runPilot(host: Host, { spec, title, launch }: Asked): Promise<void> {
  const { spec: pilot, examples } = await host.reader.ask('planPilot', { spec });
  const watch = stopwatch(launch(pilot));
  const { dir } = await showRunProgress(host, vscode.l10n.t('{0}: pilot', title), watch.launch);
  const { noiseExamples } = spec;
  const promise = await host.reader.ask('pilot', { dir, examples, noiseExamples, ranMs: watch.ranMs() });
  const time = duration(promise.expectedMs);
  const words =
    promise.widest === null
      ? vscode.l10n.t('The pilot is done. All {0} examples would take {1}.', examples, time)
      : vscode.l10n.t(
          'The pilot is done. All {0} examples would take {1}, and their rates would be known to ±{2} points or better.',
          examples,
          time,
          (100 * promise.widest).toFixed(1),
        );
  const [all, more] = [vscode.l10n.t('Run all {0}', examples), vscode.l10n.t('Details')];
  const chosen = await vscode.window.showInformationMessage(words, all, more);
  if (chosen === more) await showText({ name: vscode.l10n.t('Pilot'), text: promise.text });
  if (chosen === all) await showRunProgress(host, title, launch(spec));
}

/** Measures the examples alone: loading the model comes before the plan. */
function stopwatch(launch: Launch): { readonly launch: Launch; readonly ranMs: () => number } {
  let startedMs = performance.now();
  let endedMs = startedMs;
  return {
    launch: async (options) => {
      const onEvent = (event: RunProgress): void => {
        if (event.type === 'planned') startedMs = performance.now();
        options.onEvent?.(event);
      };
      const place = await launch({ ...options, onEvent });
      endedMs = performance.now();
      return place;
    },
    ranMs: () => endedMs - startedMs,
  };
}
