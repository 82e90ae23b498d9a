import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../engine/domain/effect';
import { forestPlot } from '../../../engine/report/figures/forestPlot';
import { forestTable } from '../../../engine/report/forestTable';
import { headline } from '../../../engine/report/headline';
import { htmlReport } from '../../../engine/report/htmlReport';
import { methodsText } from '../../../engine/report/methodsText';
import { tracePhrase } from '../../../engine/report/phrases';
import { loansSummary } from './loansSummary';

const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\'';

/** Everything that a file, a model or a person names is hostile. */
const hostileSummary: RunSummary = {
  ...loansSummary,
  status: 'failed',
  message: hostile,
  skipped: [{ reason: hostile, count: 1 }],
  caveats: [{ id: 'crossModel', count: 1, message: hostile }],
  effects: loansSummary.effects.map((effect) => ({
    ...effect,
    condition: {
      ...effect.condition,
      alias: hostile,
      promptEdit: { id: 'swap', params: { attribute: hostile, a: hostile, b: hostile } },
      traceEdit: { ...effect.condition.traceEdit, id: hostile },
    },
    caveats: [{ id: 'nearTie', count: 1, message: `${hostile}!` }],
  })),
  curves: loansSummary.curves.map((curve) => ({
    ...curve,
    promptEdit:
      curve.promptEdit.id === 'none'
        ? curve.promptEdit
        : { id: 'swap', params: { attribute: hostile, a: hostile, b: hostile } },
  })),
  manifest: {
    ...loansSummary.manifest,
    options: [hostile],
    answerReader: hostile,
    producers: [hostile],
    model: { ...loansSummary.manifest.model, id: hostile, runtime: hostile },
    files: loansSummary.manifest.files.map((file) => ({ ...file, path: hostile, format: hostile })),
    spec: { ...loansSummary.manifest.spec, files: [hostile], model: hostile },
    versions: { [hostile]: hostile },
  },
};

/** Start and end tags of a document, comments and text left out; throws on what is neither. */
function tagsOf(html: string): readonly string[] {
  const withoutStyle = html.replace(/<style>[^<]*<\/style>/, '');
  const tags = withoutStyle.match(/<[^<>]*>/g) ?? [];
  assert.equal(withoutStyle.replace(/<[^<>]*>/g, '').match(/[<>]/), null, 'a stray < or > in the text');
  return tags;
}

function assertBalanced(html: string): void {
  const single = new Set(['meta', 'br', 'img']);
  const open: string[] = [];
  for (const tag of tagsOf(html)) {
    const name = /^<\/?([a-zA-Z]+)/.exec(tag)?.[1] ?? '';
    if (name === '' || tag.endsWith('/>') || single.has(name)) continue;
    if (tag.startsWith('</')) assert.equal(open.pop(), name);
    else open.push(name);
  }
  assert.deepEqual(open, []);
}

test('the headline says the main effect with its interval, counts and control', () => {
  assert.equal(
    headline(loansSummary),
    'With nationality swapped in the prompt (American / Canadian) and the whole reasoning kept and closed, ' +
      '85.2% of the recorded answers were kept (208 of 244, 95% interval 80.3–89.1%). ' +
      'With the prompt left alone it was 100.0% (36 answers flipped only with the edit, 0 only without).',
  );
  const plain = { ...loansSummary, effects: loansSummary.effects.filter(({ control }) => control === null) };
  assert.match(headline(plain), /^With the prompt left alone and the whole reasoning kept and closed, 100\.0%/);
  assert.match(headline({ ...loansSummary, effects: [] }), /nothing to report/);
});

test('trace edits are said in words', () => {
  assert.equal(
    tracePhrase({ id: 'x', keep: { unit: 'fraction', value: 0.5 }, close: 'open' }),
    'the first 50% of the reasoning’s tokens kept but left open',
  );
  assert.equal(
    tracePhrase({ id: 'x', keep: { unit: 'steps', value: 3 }, close: 'closed' }),
    'the first 3 steps of the reasoning kept and closed',
  );
  assert.equal(tracePhrase({ id: 'x', keep: { unit: 'fraction', value: 0 }, close: 'closed' }), 'no reasoning at all');
});

test('the report stands alone: no script, no link, nothing fetched, and a policy that forbids all of it', () => {
  const html = htmlReport(loansSummary);
  assert.match(html, /^<!doctype html>\n<html lang="en">/);
  assert.match(
    html,
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';/,
  );
  assert.ok(!/<script|<link|<iframe|<img|@import|url\(|\son\w+=|style=/i.test(html));
  assert.ok(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(html), 'an address');
  assertBalanced(html);
});

test('the report holds what is needed to judge, repeat and cite the run', () => {
  const html = htmlReport(loansSummary, { records: 252, withReasoning: 251 });
  const { manifest, run } = loansSummary;
  const hashes = [
    manifest.specSha256,
    manifest.model.sha256,
    manifest.model.tokenizerSha256,
    manifest.model.templateSha256,
  ];
  for (const hash of [...hashes, ...manifest.files.map(({ sha256 }) => sha256)]) assert.ok(html.includes(hash), hash);
  assert.ok(html.includes(`counterthought run --spec ${run}.cot.json`));
  assert.ok(html.includes('onnxruntime-node 1.30.0'));
  const flow = /<ol class="flow">(.*?)<\/ol>/s.exec(html)?.[1] ?? '';
  assert.deepEqual(flow.match(/(?<=<b>)[^<]+/g), ['252', '251', '250', '246', '244', '241–244', '241–244']);
  assert.match(flow, /1: the reasoning is empty.*4 unreadable in 2 conditions/s);
  const files = manifest.files.map((file) => ({ ...file, left: { damaged: 1, withoutReasoning: 2 } }));
  const left = htmlReport({ ...loansSummary, manifest: { ...manifest, files } });
  assert.match(left, /examples in the files.*1 record damaged.*2 records without reasoning.*planned/s);
  const spec = /<pre tabindex="0">(.*?)<\/pre>/s.exec(html)?.[1] ?? '';
  assert.deepEqual(JSON.parse(spec.replaceAll('&quot;', '"')), manifest.spec);
  assert.match(
    html,
    /In 1–3 of 244 examples the text reached the token limit.*half-truncated\+swap:nationality<\/code> \(3\)/,
  );
  assert.match(html, /asked for 691,020 tokens; sharing their common beginnings left 148,213 to evaluate \(21%\)/);
});

test('the methods are in this run’s own numbers', () => {
  const text = methodsText(loansSummary)
    .map((paragraph) => paragraph.text)
    .join('\n');
  for (const part of [
    '1 file holds 250 examples; 246 took part',
    'decoded greedily, seed 1',
    'adjusted by Holm’s procedure for 5 tests',
    '(244 of 244 examples)',
  ])
    assert.ok(text.includes(part), part);
  const sampling = { temperature: 0.7, topK: 40, topP: 0.9, minP: 0 };
  const spec = { ...loansSummary.manifest.spec, samples: 4, sampling };
  const sampled = methodsText({ ...loansSummary, manifest: { ...loansSummary.manifest, spec } });
  assert.ok(
    sampled.some(({ text: one }) =>
      one.includes('gave 4 answers per example and condition, sampled at temperature 0.7, top-k 40, top-p 0.9, seed 1'),
    ),
  );
});

test('hostile names, models, options and messages stay text', () => {
  const html = htmlReport(hostileSummary);
  assert.ok(!html.includes('<script') && !html.includes('<img'));
  assertBalanced(html);
  assert.ok(html.includes('&lt;/script&gt;&lt;script&gt;alert(1)'));
});

test('a cross-model run says so at the top', () => {
  const top = (summary: RunSummary) => /<header>.*?<h1>/s.exec(htmlReport(summary))?.[0] ?? '';
  assert.ok(!top(loansSummary).includes('cross-model'));
  assert.ok(top({ ...loansSummary, manifest: { ...loansSummary.manifest, crossModel: true } }).includes('cross-model'));
});

test('a run without outcomes still has a report', () => {
  const effects = loansSummary.effects.map((effect) => ({
    ...effect,
    n: 0,
    keptRate: { ...effect.keptRate, n: 0, rate: null, interval: null },
    bounds: null,
    control: null,
    paired: null,
    noise: null,
    wentOn: null,
  }));
  const replication = { n: 0, rate: null, interval: null, method: 'Wilson', kept: 0 };
  for (const some of [effects, []]) {
    const html = htmlReport({
      ...loansSummary,
      effects: some,
      replication,
      status: 'interrupted',
      done: 0,
      skipped: [],
    });
    assert.ok(!/NaN|undefined|Infinity/.test(html));
    assert.match(html, /246 not finished \(interrupted\)/);
    assertBalanced(html);
  }
});

test('the forest plot has a mark per condition at its rate, controls, noise, and words for who cannot see it', () => {
  const svg = forestPlot(loansSummary.effects, { idPrefix: 'one' });
  assertBalanced(svg);
  assert.ok(!/style=|NaN/.test(svg));
  assert.match(svg, /role="img" aria-labelledby="one-title one-desc"/);
  assert.match(svg, /frozen\+swap:nationality: 85\.2% kept, interval 80\.3–89\.1, control 100\.0%, noise 0\.0%\./);
  const x = (rate: string): number => Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${rate}<`).exec(svg)?.[1]);
  const expected = x('0%') + (208 / 244) * (x('100%') - x('0%'));
  const filled = [...svg.matchAll(/<circle cx="([\d.]+)" cy="[\d.]+" r="5" fill="var\(--plot-closed/g)].map(([, cx]) =>
    Number(cx),
  );
  assert.ok(
    filled.some((cx) => Math.abs(cx - expected) < 0.06),
    `${filled} not ${expected}`,
  );
  const legendMarks = 1;
  assert.equal(svg.match(/l6 6-6 6-6-6z/g)?.length, 5 + legendMarks);
  assert.equal(svg.match(/fill-opacity="0.22"/g)?.length, 1 + legendMarks);
  assertBalanced(forestPlot([]));
});

test('the figure’s table holds its numbers, and long names keep both ends', () => {
  const row = forestTable(loansSummary.effects).rows.find(([alias]) => alias === 'frozen+swap:nationality');
  assert.deepEqual(row, ['frozen+swap:nationality', '85.2%', '80.3%', '89.1%', '100.0%', '0.0%']);
  const [effect] = loansSummary.effects;
  const alias = `keep=0.35:open+swap:${'very-'.repeat(12)}long-attribute`;
  const svg = forestPlot([{ ...effect!, condition: { ...effect!.condition, alias } }]);
  assert.match(svg, />keep=0\.35:open\+swap:[^<]*…[^<]*long-attribute</);
  assert.ok(svg.includes(`<title>${alias}</title>`));
});
