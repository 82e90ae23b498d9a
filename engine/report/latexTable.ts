// Owns tables as LaTeX (packages booktabs and threeparttable), with everything escaped that LaTeX would read as a command.
import type { Note, Table } from './table';

/** A floating table; `label` is what the paper refers to. */
export function latexTable({ caption, columns, rows, notes }: Table, label = 'tab:counterthought'): string {
  const alignment = columns.map(({ align }) => (align === 'right' ? 'r' : 'l')).join('');
  const line = (cells: readonly string[]): string => `    ${cells.map(escapeLatex).join(' & ')} \\\\`;
  const noteLines = notes.length === 0 ? [] : ['  \\begin{tablenotes}', ...notes.map(noteLine), '  \\end{tablenotes}'];
  return [
    '% needs \\usepackage{booktabs,threeparttable}',
    '\\begin{table}',
    '  \\centering\\small',
    '  \\begin{threeparttable}',
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\label{${label}}`,
    `  \\begin{tabular}{${alignment}}`,
    '    \\toprule',
    line(columns.map(({ title }) => title)),
    '    \\midrule',
    ...rows.map(line),
    '    \\bottomrule',
    '  \\end{tabular}',
    ...noteLines,
    '  \\end{threeparttable}',
    '\\end{table}',
  ].join('\n');
}

function noteLine({ mark, text }: Note): string {
  return `    \\item${mark === '' ? '' : `[${mark}]`} ${escapeLatex(text)}`;
}

const replacements: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '–': '--',
  '—': '---',
  '’': "'",
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '…': '\\ldots{}',
};

export function escapeLatex(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\~^–—’<>…]|[&%$#_{}]/g, (character) => replacements[character] ?? `\\${character}`);
}
