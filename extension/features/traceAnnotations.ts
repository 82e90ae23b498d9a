// Owns annotating words of a readable trace: labels by one key each, notes, and where what was said is seen.
import * as vscode from 'vscode';
import type { Annotation, AnnotationTarget } from '../../engine/domain/annotation';
import { targetKey } from '../../engine/domain/annotation';
import { UserError } from '../../engine/domain/failure';
import type { Range } from '../../engine/domain/trace';
import type { Host } from '../host/host';
import { setting } from '../host/settings';
import { commands } from '../manifest/commands';
import { type AnnotationShelf, annotationRoot, createAnnotationShelf } from '../trace/annotationShelf';
import { lensRowsOf } from '../trace/lensRows';
import { createRangeMarks, noteLenses, notesHover } from '../trace/rangeMarks';
import { isTrace, traceScheme } from '../trace/traceAddress';
import { offsetAt, selectedReasoning } from '../trace/traceLayout';
import { type ShownTrace, tracesOf } from '../trace/traceShelf';
import { annotator, judge, undoAnnotation } from './annotate';

type Words = { readonly trace: ShownTrace; readonly range: Range };

export function startTraceAnnotations(host: Host): vscode.Disposable[] {
  const shelf = createAnnotationShelf(host);
  const on = (id: string, act: (asked: unknown) => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, (asked?: unknown) =>
      act(asked).catch((error) => host.report(error, vscode.l10n.t('annotate the words'))),
    );
  return [
    shelf,
    ...annotationViews(host, shelf),
    on(commands.annotateWords.id, async (asked) => askJudgment(host, shelf, await wordsOf(host, asked))),
    on(commands.labelWords.id, async (asked) => labelWords(host, shelf, Number(asked))),
    on(commands.undoAnnotation.id, () => undoAnnotation(host)),
  ];
}

/** Marks, hovers and lenses of what was said. */
function annotationViews(host: Host, shelf: AnnotationShelf): vscode.Disposable[] {
  const marks = createRangeMarks();
  const lensesChanged = new vscode.EventEmitter<void>();
  const notesIn = ({ uri }: vscode.TextDocument) => {
    const trace = tracesOf(host).peek(uri);
    return trace && { trace, notes: shelf.notesOn(trace) };
  };
  const draw = (): void => {
    for (const editor of vscode.window.visibleTextEditors) {
      const shown = isTrace(editor.document) ? notesIn(editor.document) : null;
      if (shown) marks.draw(editor, shown.trace.layout, shown.notes);
    }
    lensesChanged.fire();
  };
  const provideHover = (document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null => {
    const shown = notesIn(document);
    const offset = shown && offsetAt(shown.trace.layout.lines, position);
    const words = offset === null || !shown ? null : notesHover(document.uri, shown.notes, offset);
    return words && new vscode.Hover(words);
  };
  const provideCodeLenses = (document: vscode.TextDocument): vscode.CodeLens[] => {
    const shown = notesIn(document);
    const lenses = shown ? noteLenses(document.uri, shown.trace.layout, shown.notes) : [];
    lensRowsOf(host).set(
      document.uri,
      'annotations',
      lenses.map(({ range }) => range.start.line),
    );
    return lenses;
  };
  const selector = { scheme: traceScheme };
  const onDidChangeCodeLenses = lensesChanged.event;
  return [
    marks,
    lensesChanged,
    shelf.onDidChange(draw),
    vscode.window.onDidChangeVisibleTextEditors(draw),
    vscode.workspace.onDidOpenTextDocument(draw),
    vscode.languages.registerHoverProvider(selector, { provideHover }),
    vscode.languages.registerCodeLensProvider(selector, { onDidChangeCodeLenses, provideCodeLenses }),
  ];
}

/** The words that a lens names, else the selected ones, else the step of the cursor. @throws UserError where there are none */
async function wordsOf(host: Host, asked: unknown): Promise<Words> {
  const { uri, start, end } = (asked ?? {}) as {
    readonly uri?: unknown;
    readonly start?: unknown;
    readonly end?: unknown;
  };
  if (typeof uri === 'string' && typeof start === 'number' && typeof end === 'number') {
    return { trace: await tracesOf(host).get(vscode.Uri.parse(uri, true)), range: { start, end } };
  }
  const editor = vscode.window.activeTextEditor;
  const trace = editor && isTrace(editor.document) ? await tracesOf(host).get(editor.document.uri) : null;
  if (!editor || !trace)
    throw new UserError(
      vscode.l10n.t('Open an example with “Read one trace” first, and select words of its reasoning.'),
    );
  const { lines } = trace.layout;
  const { selection } = editor;
  const chosen = selection.isEmpty ? editor.document.lineAt(selection.active.line).range : selection;
  const range = selectedReasoning(trace.example.trace.reasoning, lines, chosen);
  if (!range)
    throw new UserError(vscode.l10n.t('Select words of the reasoning, or put the cursor into one of its steps.'));
  return { trace, range };
}

const targetOf = ({ trace: { example }, range }: Words): AnnotationTarget => {
  const quote = example.trace.reasoning.slice(range.start, range.end);
  return { example: example.id, range: { ...range, quote } };
};

/** What this person said of exactly these words. */
function ownOn(shelf: AnnotationShelf, { trace, range }: Words): Annotation | null {
  const own = shelf.notesOn(trace).filter(({ annotation }) => annotation.author === annotator());
  return own.find((one) => one.range.start === range.start && one.range.end === range.end)?.annotation ?? null;
}

/** By one key: the label of that number, or taken back where it stands already. */
async function labelWords(host: Host, shelf: AnnotationShelf, number: number): Promise<void> {
  const label = setting('counterthought.labels')[number - 1];
  if (label === undefined)
    throw new UserError(vscode.l10n.t('There is no label {0}; the setting “labels” has them.', number));
  const words = await wordsOf(host, undefined);
  const own = ownOn(shelf, words);
  await say(host, { words, own }, { label: own?.label === label ? null : label, note: own?.note ?? '' });
}

type Said = { readonly words: Words; readonly own: Annotation | null };
type Judged = { readonly label: string | null; readonly note: string };

async function say(host: Host, { words, own }: Said, judged: Judged): Promise<void> {
  const { file } = words.trace.address;
  const target = own?.target ?? targetOf(words);
  await judge(host, annotationRoot(file), { target, ...judged, file });
  const said = judged.label ?? (judged.note === '' ? vscode.l10n.t('taken back') : vscode.l10n.t('note kept'));
  const quote = target.range?.quote ?? targetKey(target);
  vscode.window.setStatusBarMessage(`${said}: “${quote.slice(0, 60)}”`, 4000);
}

type Choice = vscode.QuickPickItem & { readonly judged: () => Promise<Judged | null> };

async function askJudgment(host: Host, shelf: AnnotationShelf, words: Words): Promise<void> {
  const own = ownOn(shelf, words);
  const { label = null, note = '' } = own ?? {};
  const labels = setting('counterthought.labels').slice(0, 9);
  const items: readonly Choice[] = [
    ...labels.map((one, index) => ({
      label: `${index + 1} ${one}`,
      description: one === label ? vscode.l10n.t('stands; chosen again it is taken back') : '',
      judged: async () => ({ label: one === label ? null : one, note }),
    })),
    { label: vscode.l10n.t('$(note) Note…'), description: note, judged: async () => askNote(label, note) },
    ...(own ? [{ label: vscode.l10n.t('$(trash) Remove'), judged: async () => ({ label: null, note: '' }) }] : []),
  ];
  const quote = targetOf(words).range?.quote ?? '';
  const placeHolder = vscode.l10n.t('“{0}”', quote.length > 80 ? `${quote.slice(0, 80)}…` : quote);
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder,
    title: vscode.l10n.t('Annotate these words'),
  });
  const judged = await picked?.judged();
  if (judged) await say(host, { words, own }, judged);
}

async function askNote(label: string | null, value: string): Promise<Judged | null> {
  const note = await vscode.window.showInputBox({ title: vscode.l10n.t('A note on these words'), value });
  return note === undefined ? null : { label, note };
}
