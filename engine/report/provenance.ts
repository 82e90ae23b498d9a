// Owns what it takes to check, repeat and cite a run: identities of everything that went in, the spec, and the way to run it again.
import type { RunSummary } from '../domain/effect';
import { bibtex, citation } from './citation';
import { escapeHtml } from './htmlEscape';
import { count } from './numbers';
import { pandasSnippet } from './pandasSnippet';

/** The sections at the end of a report. */
export function provenance(summary: RunSummary): string {
  return `<section aria-labelledby="identity"><h2 id="identity">What ran</h2>
<dl class="identity">${facts(summary)
    .map(([name, value]) => fact(name, value))
    .join('\n')}</dl></section>
<section aria-labelledby="again"><h2 id="again">Run it again</h2>
${again(summary)}</section>
<section aria-labelledby="cite"><h2 id="cite">Cite it</h2>
<p>${escapeHtml(citation(summary))}</p>
<details><summary>BibTeX</summary><pre tabindex="0">${escapeHtml(bibtex(summary))}</pre></details></section>
<section aria-labelledby="data"><h2 id="data">The outcomes in Python</h2>
<pre tabindex="0">${escapeHtml(pandasSnippet(summary.run))}</pre></section>`;
}

type Fact = readonly [name: string, value: string];

function facts({ manifest, run }: RunSummary): readonly Fact[] {
  const { model, files, spec, versions } = manifest;
  return [
    ['Run', `${run}, started ${manifest.startedAt}`],
    ['Spec', `sha256 ${manifest.specSha256}`],
    ...files.map(
      ({ path, sha256, size, format }): Fact => [
        'Trace file',
        `${path} (${format}, ${count(size)} bytes), sha256 ${sha256}`,
      ],
    ),
    ['Model', `${model.id}, ${model.layout} layout, ${model.precision}, ${model.runtime}`],
    ['Model file', `sha256 ${model.sha256}`],
    ['Tokenizer', `sha256 ${model.tokenizerSha256}`],
    ['Chat template', `sha256 ${model.templateSha256}`],
    [
      'Sampling',
      `${Object.entries(spec.sampling)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}; seed ${spec.seed}`,
    ],
    [
      'Versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
}

const fact = (name: string, value: string): string => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`;

function again({ manifest, run }: RunSummary): string {
  const file = `${run}.cot.json`;
  const spec = JSON.stringify(manifest.spec, null, 2);
  return `<p>Save the spec as <code>${escapeHtml(file)}</code> and run <code>counterthought run --spec ${escapeHtml(file)}</code>. \
The same files, model and seed give the same outcomes.</p>
<details><summary>Spec</summary><pre tabindex="0">${escapeHtml(spec)}</pre></details>`;
}
