// The page's entry: asks the host which view this page is, and shows it. A view is one file in views/ and one line below.

import { openPage, type Page } from './page';
import type { ViewState } from './protocol';
import { speak } from './ui/t';
import { registerToolkit } from './ui/toolkit';
import type { ViewElement, ViewSetup } from './ui/viewElement';
import { type ViewName, viewTable } from './views';

/** Each view is a chunk of its own: a page loads what it shows. */
const views: { readonly [V in ViewName]: (setup: ViewSetup) => Promise<ViewElement> } = {
  flips: async (setup) => new (await import('./views/flips')).FlipsView(setup),
  diff: async (setup) => new (await import('./views/diff')).DiffView(setup),
  traces: async (setup) => new (await import('./views/traces')).TracesView(setup),
};

registerToolkit();
let shown: ViewElement | null = null;
/** What the host wanted shown while the view was still being loaded. */
let wanted: ViewState | null = null;

const page: Page = openPage({
  show: (state) => {
    wanted = state;
    shown?.show(state);
    return null;
  },
  runsChanged: () => {
    shown?.runsChanged();
    return null;
  },
});

async function start(): Promise<void> {
  const { state, labels, texts } = await page.ask('hello', null);
  speak(texts);
  await mount(state, labels);
}

async function mount(state: ViewState, labels: ViewSetup['labels']): Promise<void> {
  const element = await views[state.view]({ page, labels });
  element.dataset.view = viewTable[state.view].id;
  document.getElementById('view')?.replaceChildren(element);
  shown = element;
  element.show(wanted ?? state);
}

void start();
