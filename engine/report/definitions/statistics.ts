// Owns the definitions of the statistics: intervals, tests, their adjustment, and the size of a sample.
import { type Definition, sources } from './definition';

export const statistics: readonly Definition[] = [
  {
    id: 'interval',
    title: 'Interval and its method',
    about:
      'Where the rate would lie for all examples of the kind that was sampled, with 95 % confidence. The method is named beside it.',
    formula:
      'one draw per example: Wilson; several: cluster bootstrap; examples all alike or fewer than ten: Wilson over examples',
    source: sources.own,
    pitfalls: ['It speaks of examples like these, not of other prompts, other attributes or other models.'],
    advice: ['Compare conditions by p and gap, not by whether two intervals overlap: the examples are the same.'],
    columns: ['interval', 'method', 'gapInterval'],
  },
  {
    id: 'wilson',
    title: 'Wilson interval',
    about: 'The score interval of a proportion.',
    formula: '(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), z = 1.959964',
    source: `Used by andyrdt/rl_loans and ${sources.blindSpot}; ${sources.statsmodels}.`,
    pitfalls: [
      'Its coverage is 95 % on average over rates, not at each. It never collapses at 0 or 1, unlike p ± z·SE.',
    ],
    advice: ['0 flips of 20 still allow 16 % of flips: use more examples.'],
  },
  {
    id: 'cluster-bootstrap',
    title: 'Cluster bootstrap',
    about: 'Interval for several samples per example: examples are drawn with replacement, each with all its samples.',
    formula: 'percentiles 2.5 and 97.5 of Σ kept shares / Σ readable shares over 2,000 seeded replicates',
    source: `Resampling as numpy draws it, checked to 1e-9 (npm run test:reference); 2,000 replicates as in ${sources.blindSpot}.`,
    pitfalls: [
      'Below about 50 examples it is a little too narrow, below ten useless: there Wilson over examples stands in.',
      'Twin prompts of one profile are one cluster too; put them in one record if you can.',
    ],
    advice: ['More samples per example narrow it little; more examples do.'],
  },
  {
    id: 'newcombe',
    title: 'Newcombe’s paired interval',
    about: 'Interval of the difference of two kept rates on the same examples.',
    formula: 'Wilson’s intervals of both rates combined, with the correlation φ of the pairs',
    source: 'Simulated: covers the true difference in 95 % within Monte Carlo error (test/unit/measure/curve.test.ts).',
    pitfalls: ['For one draw per example. Several samples: cluster bootstrap.'],
    advice: ['If it contains 0, the edited prompt may have no effect at this cut.'],
  },
  {
    id: 'p',
    title: 'p',
    about: 'How surprising so lopsided a change against the control would be, if the edited prompt made no difference.',
    formula:
      'two-sided, same examples: exact McNemar (one draw) or paired permutation (several), adjusted by Holm over the run’s tests',
    source: `${sources.own}; see mcnemar, paired-permutation, holm.`,
    pitfalls: [
      'No p is shown while a run streams: looking again and again finds something by chance.',
      'Examples chosen because they flipped give a p that means nothing.',
    ],
    advice: ['Report it with the counts of both directions, the gap and the number of tests.'],
    columns: ['p'],
  },
  {
    id: 'mcnemar',
    title: 'Exact McNemar test',
    about: 'Compares two yes-or-no outcomes on the same examples by those that differ.',
    formula: 'b, c: discordant counts; p = min(1, 2 Σ_{i ≤ min(b,c)} C(b + c, i) / 2^(b+c))',
    source: `Used by ${sources.blindSpot}; ${sources.statsmodels}.`,
    pitfalls: ['With fewer than six discordant examples p cannot fall below 0.05, however large the effect.'],
    advice: ['Give b and c: 36 against 0 and 40 against 4 have the same difference.'],
  },
  {
    id: 'paired-permutation',
    title: 'Paired permutation test',
    about: 'Compares two conditions on the same examples when each example has a share of several samples.',
    formula:
      'share of sign patterns of the per-example differences whose |sum| is at least the observed one; all up to 16 differences, else 10,000 seeded draws',
    source: 'Agrees with scipy’s permutation_test where all patterns are counted (npm run test:reference).',
    pitfalls: ['Drawn patterns leave a Monte Carlo error; p is never below 1/10,001.'],
    advice: ['The seed is the run’s, so the same run gives the same p.'],
  },
  {
    id: 'holm',
    title: 'Holm’s adjustment',
    about: 'Keeps the chance of any false alarm among the m tests of a run at 5 %.',
    formula: 'sorted p(1) ≤ … ≤ p(m): adjusted p(i) = max over j ≤ i of min(1, (m − j + 1) · p(j))',
    source: `${sources.statsmodels[0]?.toUpperCase()}${sources.statsmodels.slice(1)}.`,
    pitfalls: ['m counts this run’s tests only. Ten runs are ten times as many.'],
    advice: ['Decide beforehand which conditions matter and run those.'],
  },
  {
    id: 'excess-flips',
    title: 'Excess flips',
    about: 'How far the answers of two arms are apart beyond redrawing, when there are several samples.',
    formula:
      'disagreement across arms − mean disagreement within them = ½ Σ over answers of (p − q)²; beside it mean |p − q|',
    source: `Computed a second way in numpy and compared to 1e-9 (npm run test:reference).`,
    pitfalls: [
      'Unbiased, so it may fall below 0. |p − q| beside it is biased upward by sampling.',
      'It is a squared distance: 0.01 is |p − q| = 0.1.',
    ],
    advice: ['Needs two samples or more in both arms (--samples).'],
    columns: ['excess'],
  },
  {
    id: 'false-discovery',
    title: 'q (Benjamini and Hochberg)',
    about:
      'The p-value adjusted so that of all conditions picked by it only a share q are false alarms: for looking around.',
    formula: 'sorted p(1) ≤ … ≤ p(m): q(i) = min over j ≥ i of min(1, p(j) · m / j)',
    source: `Benjamini and Hochberg, JRSS B 57 (1995); ${sources.statsmodels}.`,
    pitfalls: [
      'It tolerates false alarms among what it picks; a claim about one condition needs p (Holm).',
      'm counts this run’s tests only.',
    ],
    advice: ['Use it to find the conditions worth a run of their own, and p for what you report.'],
    columns: ['falseDiscovery'],
  },
  {
    id: 'strata',
    title: 'With and without a caveat',
    about: 'The kept rate of the examples that have a caveat beside that of those that lack it.',
    formula:
      'kept rate over the examples whose trace names the swapped attribute (or states the answer), and over the others',
    source: `${sources.own}; what splits the examples was found in the record before the model ran.`,
    pitfalls: [
      'The two groups differ in more than the caveat: a difference between them is no effect of it.',
      'Small groups have wide intervals; no test is made between them.',
    ],
    advice: ['If the rate of the examples without the caveat is another one, report that one beside it.'],
    columns: ['caveat', 'strata'],
  },
  {
    id: 'pilot',
    title: 'Pilot',
    about:
      'Thirty examples drawn at random, run to learn how wide the intervals of the whole file will be and how long it takes.',
    formula:
      'Wilson’s interval with all n at the pilot’s Wilson center (p + z²/2m) / (1 + z²/m), m examples; bootstrap: the pilot’s width · √(m / n)',
    source:
      'Simulated: within 12 % of the width that the whole run finds, on average over pilots (test/unit/measure/expectedWidth.test.ts).',
    pitfalls: [
      'The pilot’s rates are rough; do not stop at a pilot because it shows what was hoped for.',
      'The time leaves out loading the model and the redraws for noise.',
    ],
    advice: ['counterthought run FILE … --pilot, with the conditions and samples of the run that you plan.'],
    columns: ['pilotWidth', 'expectedWidth', 'examplesForWidth'],
  },
  {
    id: 'run-difference',
    title: 'Difference of two runs',
    about: 'How much more often the first of two runs keeps the recorded answers, under a condition that both have.',
    formula:
      'kept rate in A − in B on the examples that both have (matched by the record’s bytes); no match: difference of the two rates',
    source: `${sources.own}. Matched, one draw: exact McNemar and Newcombe’s paired interval; several: paired permutation and cluster bootstrap. Unmatched: Newcombe’s interval of two groups.`,
    pitfalls: [
      'Whatever differs between the runs may be the cause: the table names it (model, weights, sampling, seed).',
      'Two runs of different files share no examples and need many more of them.',
      'A change of a single byte of a record makes it another example.',
    ],
    advice: ['counterthought compare RUN_A RUN_B; change one thing at a time.'],
    columns: ['difference', 'differenceInterval', 'matched', 'changed', 'onlyA', 'onlyB', 'rateA', 'rateB'],
  },
  {
    id: 'sample-size',
    title: 'Sample size',
    about: 'Examples needed to see a difference of two kept rates.',
    formula:
      'paired: n = (z_α √(b + c) + z_β √(b + c − (b − c)²))² / (b − c)²; unpaired: per arm, (z_α √(2 p̄(1 − p̄)) + z_β √(p(1 − p) + q(1 − q)))² / (p − q)²',
    source: `The paired one ${sources.statsmodels.replace('statsmodels and scipy', 'scipy')}, and simulated to give its power.`,
    pitfalls: [
      'b and c are guesses; the paired number depends on how the examples that differ split, not on the two rates alone.',
    ],
    advice: ['counterthought power --rates 0.85,0.75'],
  },
];
