// The page's entry: asks the host which view this page is, and shows it. A view is one file in views/ and one line below.

import { openPage, type Page } from './page';
import type { ViewState } from './protocol';
import { registerToolkit } from './ui/toolkit';
import type { ViewElement, ViewSetup } from './ui/viewElement';
import { type ViewName, viewTable } from './views';
import { DiffView } from './views/diff';
import { FlipsView } from './views/flips';

const views: { readonly [V in ViewName]: (setup: ViewSetup) => ViewElement } = {
  flips: (setup) => new FlipsView(setup),
  diff: (setup) => new DiffView(setup),
};

registerToolkit();
let shown: ViewElement | null = null;

const page: Page = openPage({
  show: (state) => {
    shown?.show(state);
    return null;
  },
  runsChanged: () => {
    shown?.runsChanged();
    return null;
  },
});

async function start(): Promise<void> {
  const { state, labels } = await page.ask('hello', null);
  mount(state, labels);
}

function mount(state: ViewState, labels: ViewSetup['labels']): void {
  const element = views[state.view]({ page, labels });
  element.dataset.view = viewTable[state.view].id;
  document.getElementById('view')?.replaceChildren(element);
  shown = element;
  element.show(state);
}

void start();
