// Owns the look of the report: light and dark by what the reader's system (or editor) prefers, and black on white on paper.

const light = `
  --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --panel: #f6f7f9; --line: #d5dae1;
  --plot-closed: #0b5f8a; --plot-open: #a8460f; --plot-noise: #6b5fb5;
  --plot-ink: var(--ink); --plot-paper: var(--paper);`;

const dark = `
  --ink: #e6e9ed; --soft: #a2abb6; --paper: #15181c; --panel: #1e2329; --line: #38404a;
  --plot-closed: #6cc0ee; --plot-open: #f2a66d; --plot-noise: #b3a8f5;
  --plot-ink: var(--ink); --plot-paper: var(--paper);`;

export const reportStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
body.vscode-light { color-scheme: light; ${light} }
body.vscode-dark { color-scheme: dark; ${dark} }
* { box-sizing: border-box; }
body { margin: 0; padding: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0.2rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.8rem 0 0.8rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); }
p { margin: 0.6rem 0; max-width: 46rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.87em; overflow-wrap: anywhere; }
pre { background: var(--panel); padding: 1rem; overflow: auto; max-height: 28rem; border-radius: 6px; }
.kicker { color: var(--soft); font-weight: 600; letter-spacing: 0.02em; margin: 0; }
.byline { color: var(--soft); margin: 0.2rem 0 1.2rem; }
.headline { font-size: 1.2rem; line-height: 1.5; max-width: 50rem; text-wrap: pretty; }
.status { display: inline-block; margin-left: 0.5rem; padding: 0 0.6rem; border: 1px solid var(--line); border-radius: 1rem;
  font-size: 0.8rem; font-weight: 500; }
.problem { border-left: 4px solid var(--plot-open); padding-left: 0.8rem; }
.cards { list-style: none; padding: 0; margin: 1.6rem 0 0; display: grid; gap: 0.8rem;
  grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); }
.card { background: var(--panel); border-top: 4px solid var(--plot-closed); border-radius: 4px; padding: 0.9rem 1rem; }
.card.open { border-top-color: var(--plot-open); }
.card b { display: block; font-size: 2rem; line-height: 1.15; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.card strong { display: block; font-weight: 600; overflow-wrap: anywhere; }
.card span { display: block; color: var(--soft); font-size: 0.87rem; font-variant-numeric: tabular-nums; }
.flow { list-style: none; margin: 0.6rem 0 0; padding: 0.4rem 0 0; overflow: hidden; display: grid; gap: 1rem 2.2rem;
  grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr)); }
.flow > li { position: relative; padding-top: 0.7rem; border-top: 2px solid var(--plot-closed); }
.flow > li:not(:last-child)::after { content: ''; position: absolute; right: -1.25rem; top: -0.3rem; width: 0.5rem; height: 0.5rem;
  border: solid var(--soft); border-width: 2px 2px 0 0; transform: rotate(45deg); }
.flow b { font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.flow > li > span { display: block; color: var(--soft); font-size: 0.9rem; }
.flow ul { margin: 0.4rem 0 0; padding: 0; list-style: none; font-size: 0.83rem; color: var(--soft); }
.flow ul li::before { content: '− '; }
.flow ul li { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--plot-closed); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.84rem; font-variant-numeric: tabular-nums;
  border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
caption { text-align: left; color: var(--soft); padding-bottom: 0.5rem; }
th, td { padding: 0.32rem 0.45rem; text-align: left; white-space: nowrap; font-weight: 400; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; }
tbody tr:nth-child(even) { background: var(--panel); }
.number { text-align: right; }
.notes { list-style: none; padding: 0; margin: 0.8rem 0 0; font-size: 0.83rem; color: var(--soft); max-width: 56rem; }
.mark { color: var(--ink); }
figure { margin: 0; }
figcaption { color: var(--soft); font-size: 0.87rem; max-width: 50rem; margin-top: 0.4rem; }
.forest-plot, .dose-response { max-width: 100%; min-width: 40rem; height: auto; display: block; }
.calibrated { list-style: none; margin: 0.4rem 0 0; padding: 0; color: var(--soft); font-size: 0.87rem; max-width: 50rem; }
.calibrated li::before { content: '✓ '; color: var(--plot-closed); }
details { margin-top: 0.8rem; }
summary { cursor: pointer; color: var(--soft); padding: 0.25rem 0; }
.caveats { list-style: none; padding: 0; max-width: 50rem; }
.caveats li { margin: 0.5rem 0; }
.where { display: block; color: var(--soft); font-size: 0.9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.2rem; font-size: 0.9rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
thead a { color: inherit; text-decoration: underline dotted; text-underline-offset: 0.2em; }
thead a:hover { text-decoration-style: solid; }
.definitions { columns: 24rem; column-gap: 2.4rem; font-size: 0.87rem; }
.definition { break-inside: avoid; padding: 0 0 0.9rem; scroll-margin-top: 1rem; }
.definition:target { background: var(--panel); box-shadow: 0 0 0 0.5rem var(--panel); border-radius: 2px; }
.definition h3 { font-size: 0.95rem; margin: 0.4rem 0 0.1rem; }
.definition p { margin: 0.15rem 0; }
.definition .formula { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.92em; }
.definition ul { margin: 0.2rem 0; padding-left: 1.1rem; }
.definition .where { font-size: 0.92em; }
@media (max-width: 44rem) { dl { grid-template-columns: 1fr; gap: 0.1rem; } dd { margin-bottom: 0.6rem; } }
@media print {
  :root, body, body.vscode-dark { color-scheme: light; ${light} }
  main { max-width: none; padding: 0; }
  body { font-size: 10.5pt; }
  h2 { break-after: avoid; }
  figure, .card, tr, .flow > li { break-inside: avoid; }
  table { font-size: 7.4pt; }
  th, td { padding: 0.2rem 0.3rem; }
  .forest-plot, .dose-response { min-width: 0; }
  .cards { grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); }
  .card b { font-size: 1.6rem; }
  .flow { grid-template-columns: repeat(auto-fit, minmax(5.8rem, 1fr)); }
  .scroll { overflow: visible; }
  pre { max-height: none; white-space: pre-wrap; }
}
`;
