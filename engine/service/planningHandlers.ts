// Owns what an engine process answers before a run is made: its conditions, what they would change, a pilot and what it promises.
// Must not know how a run is made.
import { expectedWidth, readableOf } from '../measure/expectedWidth';
import { pilotTable } from '../report/pilotTable';
import { textTable } from '../report/textTable';
import type { Handlers } from '../wire/contract';
import { crossConditions } from './conditions';
import type { EngineContract, PilotPromise } from './contract';
import { planPilot } from './pilot';
import { previewRun } from './preview';
import { previewLines } from './previewLines';
import { placeboSpec, swapSpec } from './promptEditWords';
import type { RunQueries } from './runQueries';
import { parseTraceEdit } from './traceEditWords';

type Methods = 'defaultConditions' | 'preview' | 'planPilot' | 'pilot';

export function planningHandlers(queries: RunQueries): Pick<Handlers<EngineContract>, Methods> {
  return {
    defaultConditions: ({ traceEdits, swap, placebo }) =>
      crossConditions(traceEdits.map(parseTraceEdit), [
        ...(swap ? [swapSpec(swap)] : []),
        ...(placebo ? [placeboSpec(placebo)] : []),
      ]),
    preview: async ({ spec }, { signal }) => previewLines(await previewRun(spec, signal)).join('\n'),
    planPilot: ({ spec }, { signal }) => planPilot(spec, signal),
    pilot: ({ dir, examples, noiseExamples, ranMs }) => {
      const { summary } = queries.open(dir);
      const perExampleMs = ranMs / Math.max(1, summary.done);
      const widths = summary.effects.map(({ keptRate }) =>
        expectedWidth(keptRate, readableOf(keptRate, summary.done, examples)),
      );
      const known = widths.filter((width) => width !== null);
      return {
        text: textTable(pilotTable({ summary, examples, perExampleMs, noiseExamples })),
        expectedMs: perExampleMs * examples,
        widest: known.length === 0 ? null : Math.max(...known) / 2,
      } satisfies PilotPromise;
    },
  };
}
