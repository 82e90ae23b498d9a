// Owns the table of figures. To add one: a file of its own, and its line here; the report and its files derive from it.

import { shownOfConditions, shownOfCurves } from '../calibrationText';
import { curveNumbers } from '../curveTable';
import { forestTable } from '../forestTable';
import { answeringEffects } from '../headline';
import { percent } from '../numbers';
import { curvesCsv, effectsCsv } from '../runCsv';
import { doseDrawing } from './doseResponse';
import type { Figure } from './figure';
import { columnEffects, forestDrawing } from './forestPlot';

const keptRates: Figure = {
  id: 'kept-rates',
  title: 'Figure',
  has: () => true,
  caption: () =>
    'Kept rate of each condition with its 95% interval. Filled marks: the prompt was edited; hollow marks: it was left alone. ' +
    'Circles: closed traces; squares: open ones. The diamond is the control, the band around it as wide as noise.',
  draw: ({ effects }, layout) => forestDrawing(layout === 'column' ? columnEffects(effects) : effects, layout),
  numbers: ({ effects }) => forestTable(effects),
  data: effectsCsv,
  shows: ({ effects }) => shownOfConditions(answeringEffects(effects), ['kept', 'probability', 'draws']),
};

const doseResponse: Figure = {
  id: 'dose-response',
  title: 'By how much of the reasoning stays',
  has: ({ curves }) => curves.length > 0,
  caption: ({ curves }) =>
    'Kept rate by the share of the reasoning that stays. Whiskers: 95% interval of a cut; shaded: a band that holds over all cuts of the ' +
    `curve at once. Triangles: from there on the kept rate stays at ${percent(curves[0]?.decided.threshold, 0)} or above (dotted line). ` +
    'Below, the gap: how many points of the kept rate the edited prompt takes at this cut, which is what is left of its direct effect.',
  draw: ({ curves }, layout) => doseDrawing(curves, layout),
  numbers: ({ curves }) => curveNumbers(curves),
  data: curvesCsv,
  shows: ({ curves, effects }) => {
    const cuts = new Set(curves.flatMap(({ points }) => points.map(({ condition }) => condition)));
    const shown = answeringEffects(effects).filter(({ condition }) => cuts.has(condition.id));
    return [...shownOfConditions(shown, ['kept']), ...shownOfCurves(curves, effects)];
  },
};

export const figures: readonly Figure[] = [keptRates, doseResponse];
