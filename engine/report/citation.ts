// Owns how a run is cited: a sentence, CITATION.cff (Citation File Format 1.2.0) and BibTeX. Must not know files.
import type { RunSummary } from '../domain/effect';
import { escapeLatex } from './latexTable';

type Cited = Pick<RunSummary, 'manifest' | 'run'>;

/** Tool and version. */
const toolOf = ({ manifest }: Cited): string =>
  ['Counterthought', manifest.versions.counterthought ?? ''].join(' ').trim();

const dayOf = ({ manifest }: Cited): string => manifest.startedAt.slice(0, 10);

export function citation(cited: Cited): string {
  const { manifest, run } = cited;
  return `${toolOf(cited)}, run ${run} (${dayOf(cited)}), model ${manifest.model.id}, spec sha256 ${manifest.specSha256.slice(0, 16)}.`;
}

/** The file that GitHub and Zotero read; whose run it is, is for its owner to add. */
export function citationFile(cited: Cited): string {
  const { manifest, run } = cited;
  const text = (value: string): string => JSON.stringify(value);
  return [
    'cff-version: 1.2.0',
    'message: "If you use these numbers, please cite this run. Put your own names in the place of the authors."',
    'type: dataset',
    `title: ${text(`How often answers are kept: run ${run} of ${manifest.model.id}`)}`,
    'authors:',
    `  - name: ${text(toolOf(cited))}`,
    `version: ${text(run)}`,
    `date-released: ${dayOf(cited)}`,
    'identifiers:',
    '  - type: other',
    `    value: ${text(`sha256:${manifest.specSha256}`)}`,
    '    description: "sha256 of the run spec"',
    `abstract: ${text(citation(cited))}`,
    '',
  ].join('\n');
}

export function bibtex(cited: Cited): string {
  const { manifest, run } = cited;
  return [
    `@misc{counterthought-${run},`,
    `  title = {How often answers are kept: run ${escapeLatex(run)} of ${escapeLatex(manifest.model.id)}},`,
    `  author = {{${escapeLatex(toolOf(cited))}}},`,
    `  year = {${manifest.startedAt.slice(0, 4)}},`,
    `  note = {Run spec sha256 ${manifest.specSha256}}`,
    '}',
    '',
  ].join('\n');
}
