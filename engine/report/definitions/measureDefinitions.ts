// Owns the definitions of the measures of the literature, which stand with the measures themselves, and of their table.
import { metrics } from '../../measure/metrics';
import { type Definition, sources } from './definition';

export const measureDefinitions: readonly Definition[] = [
  {
    id: 'measures',
    title: 'Measures of the literature',
    about:
      'Published measures of how far a written reasoning is used, computed wherever a run has the conditions that they need.',
    formula: 'each as its own page says',
    source: sources.own,
    pitfalls: [
      'They were defined on other data and other models: a published number is no yardstick for yours.',
      'No p-values: the tests of a run are those of its conditions.',
    ],
    advice: ['counterthought explain lists them all; the table names what each number is of.'],
    columns: ['measure', 'measureOf', 'measureValue', 'measureInterval', 'measureMethod', 'measureN'],
  },
  ...metrics.map(({ measure: _, ...page }) => page),
];
